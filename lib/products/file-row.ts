/**
 * One row of a file: what it says of a product, as a JSON merge patch that is not checked yet; or why it
 * could not be read. A row that cannot be read costs itself, never the file.
 */
export type FileRow = {
  /** Where it begins, from 1: the line of the text; in a JSON array, its place. */
  line: number;
} & ({ value: unknown } | { fault: string });

/**
 * A file may have at most so many rows, since a request's time is limited. Reading ends with the first one
 * too many.
 */
export const MAX_ROWS = 100_000;

/** After this many rows, an import lets timers run and looks at its deadline: a bad row can cost a millisecond. */
export const ROWS_AT_ONCE = 100;
