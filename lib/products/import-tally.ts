import type { FailedRow, ImportResult } from './file-schema.ts';

/** The outcome of a row that was imported. */
export type Outcome = 'created' | 'updated' | 'unchanged';

/** In bytes of JSON. A response of a Lambda function may have 6 MB, and this one is also stored for an Idempotency-Key. */
const MAX_REPORTED_BYTES = 2_000_000;

/** Counts the outcomes of an import's rows, and lists those that failed, up to a limit. */
export class ImportTally {
  readonly #counts: Record<Outcome, number> = { created: 0, updated: 0, unchanged: 0 };
  readonly #failed: FailedRow[] = [];
  #reportedBytes = 0;
  #moreFailed = 0;

  count(outcome: Outcome): void {
    this.#counts[outcome] += 1;
  }

  fail(row: FailedRow): void {
    this.#reportedBytes += Buffer.byteLength(JSON.stringify(row));
    if (this.#reportedBytes <= MAX_REPORTED_BYTES) this.#failed.push(row);
    else this.#moreFailed += 1;
  }

  /** Returns the result, with the failed rows in the order of the file. */
  result(): ImportResult {
    return {
      ...this.#counts,
      failed: this.#failed.sort((one, other) => one.line - other.line),
      ...(this.#moreFailed > 0 ? { moreFailed: this.#moreFailed } : {}),
    };
  }
}
