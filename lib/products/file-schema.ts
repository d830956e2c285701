import * as z from 'zod/mini';
import { integerText, page } from '../http/parts.ts';
import { type FileRow, MAX_ROWS } from './file-row.ts';

/** The rows of a file. Each is checked by itself: one that is refused costs the others nothing. */
export const importBody = z.array(z.custom<FileRow>()).check(z.maxLength(MAX_ROWS));

const failedRow = z.strictObject({
  /** Where the row begins, from 1: its line, or its place in a JSON array. */
  line: z.int(),
  /** Null when it could not be read. */
  sku: z.nullable(z.string()),
  reason: z.string(),
});
export type FailedRow = z.output<typeof failedRow>;

/** The result of an import: how many rows had each outcome, and which failed. */
export const importResult = z.strictObject({
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  failed: z.array(failedRow),
  /** How many more rows failed, where there are too many to name each. */
  moreFailed: z.optional(z.int()),
});
export type ImportResult = z.output<typeof importResult>;

export const fileFormat = z.enum(['ndjson', 'csv']);

/** The query of an export. */
export const exportQuery = z.strictObject({
  format: z.optional(fileFormat),
  limit: z._default(integerText({ min: 1, max: 5_000 }), 1_000),
  cursor: page.cursor,
});
