import type { Command } from '../command.ts';
import { type MongoCommandError, toCommandError } from '../errors.ts';
import { WriteConflict } from '../storage/conflict.ts';

/** What became of a batch of writes. */
export interface BatchResult {
  /** How many writes succeeded. */
  readonly done: number;
  /** `writeErrors`, if there were any, to be spread into the reply. */
  readonly errors: { writeErrors?: object[] };
}

/**
 * Runs the writes of a command one by one. A failed one ends an ordered batch.
 *
 * @param command whose `ordered` counts
 * @param items the writes
 * @param run does one of them, or throws
 */
export function runBatch<T>(
  command: Command,
  items: readonly T[],
  run: (item: T, index: number) => void,
): BatchResult {
  const ordered = command.options.ordered !== false;
  const writeErrors: object[] = [];
  let done = 0;
  for (const [index, item] of items.entries()) {
    try {
      run(item, index);
      done += 1;
    } catch (error) {
      // It is the whole command's: in a transaction its end, and elsewhere a reason to start over.
      if (error instanceof WriteConflict) throw error;
      writeErrors.push(writeError(index, toCommandError(error)));
      if (ordered) break;
    }
  }
  return { done, errors: writeErrors.length > 0 ? { writeErrors } : {} };
}

function writeError(index: number, { code, message, details }: MongoCommandError): object {
  const { errorLabels: _labels, ...rest } = details;
  return { index, code, errmsg: message, ...rest };
}
