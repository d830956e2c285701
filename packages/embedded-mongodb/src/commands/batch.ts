import type { Command } from '../command.ts';
import { type MongoCommandError, toCommandError } from '../errors.ts';
import { WriteConflict } from '../storage/conflict.ts';

/** The result of a batch of writes. */
export interface BatchResult {
  /** The number of successful writes. */
  readonly done: number;
  /** An object with `writeErrors`, or an empty object, to spread into the reply. */
  readonly errors: { writeErrors?: object[] };
}

/**
 * Runs the writes of a command one by one. If the command is ordered, the first failure ends the batch.
 *
 * @param command the command, for its `ordered` option
 * @param items the writes
 * @param run runs one write, and throws if it fails
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
      // A write conflict affects the whole command: it aborts a transaction, and a command outside of one is retried.
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
