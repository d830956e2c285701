import type { Case } from './cases.ts';
import type { Catalog } from './databases/catalog.ts';
import type { Artifacts } from './lambda/artifacts.ts';

/** What all parts share. */
export interface Lab {
  /** The file of the runtime interface client. */
  client: string;
  artifacts: Artifacts;
  /** The contents of the servers before each round. */
  catalog: Catalog;
  /** The same with all stores on the cluster. */
  catalogOnCluster: Catalog;
  /** The cases of every function. */
  cases: readonly Case[];
}

/** How a part runs. */
export interface Options {
  lab: Lab;
  /** Whether everything runs, however long it takes. */
  isWhole: boolean;
  /** Returns whether the time of this part is over. It always runs its first rounds. */
  isOver: () => boolean;
  /** Reports how far it has come. */
  progress: (text: string) => void;
}

/** The result of a part: a row of the table. */
export interface Row {
  /** What was done, with the numbers. */
  did: string;
  /** What was seen, with the numbers. */
  saw: string;
  /** What was left out, and in what `--whole` differs; empty if nothing was. */
  shortened: string;
  /** What must not happen, and did. */
  violations: string[];
}

export type Part = (options: Options) => Promise<Row>;
