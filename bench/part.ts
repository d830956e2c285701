import type { Figure } from './figure.ts';

/** How a part is run. */
export interface Options {
  /** How often each figure is measured; its value is the median. */
  rounds: number;
  /** A folder with packaged functions; without one, they are packaged. */
  artifacts: string | undefined;
  /** A file for a picture of the figures, for a part that draws one. */
  picture?: string | undefined;
  /** Tells how far it has come. */
  progress: (text: string) => void;
}

/** Measures some figures that need the same preparation. */
export type Part = (options: Options) => Promise<Figure[]>;
