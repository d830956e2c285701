import type { FailedRow, ImportResult } from './file-schema.ts';

/** What happened to a row that was imported. */
export type Outcome = 'created' | 'updated' | 'unchanged';

/** In bytes of JSON. An answer of Lambda's has 6 MB at most, and this one is kept for an Idempotency-Key. */
const MAX_REPORTED_BYTES = 2_000_000;

/** Counts the outcomes of an import's rows, and lists those that failed, up to a limit. */
export class ImportTally {
  readonly #counts: Record<Outcome, number> = { created: 0, updated: 0, unchanged: 0 };
  readonly #failed: FailedRow[] = [];
  #told = 0;
  #moreFailed = 0;

  count(outcome: Outcome): void {
    this.#counts[outcome] += 1;
  }

  fail(row: FailedRow): void {
    this.#told += Buffer.byteLength(JSON.stringify(row));
    if (this.#told <= MAX_REPORTED_BYTES) this.#failed.push(row);
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
