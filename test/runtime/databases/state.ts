import { isDeepStrictEqual } from 'node:util';
import { EJSON } from 'bson';
import type { Catalog } from './catalog.ts';

/** The contents of the servers in a form in which two runs of the same request can be compared. */
export type State = readonly string[];

/** The records of keys say how a request was made, and not what it has changed. */
const IGNORED = 'idempotency';

/** The marks of stores say that a request may change something, and are written before it does. */
const MARKS = 'changes';

/** Counts the syncs of a store, also those that were interrupted. */
const IGNORED_MEMBER = 'generation';

/** Values that differ between two runs: dates, and ids that a run has created. */
const CREATED = [
  /\{"\$date":[^}]*\}+/g,
  /\{"\$oid":"[0-9a-f]{24}"\}/g,
  /"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"/g,
  /"\d{4}-\d\d-\d\dT[\d:.]+Z"/g,
];

/** Returns the state of a catalog, with placeholders for values that the initial catalog does not contain. */
export function stateOf(catalog: Catalog, initial: Catalog): State {
  const known = EJSON.stringify(initial);
  const stable = (text: string) =>
    CREATED.reduce(
      (rest, pattern) =>
        rest.replace(pattern, (value) => (known.includes(value) ? value : '"created"')),
      text,
    );
  return catalog
    .flatMap(({ server, database, name, indexes, documents }) => {
      if (name === MARKS) return [];
      const place = `${server} ${database}.${name}`;
      const keys = indexes.map((index) => `${place} index ${JSON.stringify(index)}`);
      if (name === IGNORED) return keys;
      const texts = documents.map((document) => stable(EJSON.stringify(sorted(document))));
      return [...keys, ...texts.map((text) => `${place} ${text}`)];
    })
    .sort();
}

/** Returns the differences of two states, or undefined if they are equal. */
export function difference(actual: State, expected: State): string | undefined {
  if (isDeepStrictEqual(actual, expected)) return undefined;
  return [
    ...without(actual, expected).map((line) => `  too much: ${line.slice(0, 400)}`),
    ...without(expected, actual).map((line) => `  missing:  ${line.slice(0, 400)}`),
  ].join('\n');
}

/** The lines of a state that another one does not have as often. */
function without(state: State, other: State): string[] {
  const rest = [...other];
  return state.filter((line) => {
    const index = rest.indexOf(line);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}

/** Returns a document with its members in the order of their names, without the ignored one. */
function sorted(document: object): object {
  const members = Object.entries(document).filter(([name]) => name !== IGNORED_MEMBER);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}
