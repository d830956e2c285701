/**
 * A row of a file: a JSON merge patch for a product, which is not validated yet; or why it could not be read. A row that
 * cannot be read fails alone, without the file.
 */
export type FileRow = {
  /** Where it begins, from 1: its line in the text, or its position in a JSON array. */
  line: number;
} & ({ value: unknown } | { fault: string });

/** The maximum number of rows in a file, since the time of a request is limited. */
export const MAX_ROWS = 100_000;

/** After this many rows, an import lets timers run and looks at its deadline: a bad row can cost milliseconds. */
export const ROWS_AT_ONCE = 25;
