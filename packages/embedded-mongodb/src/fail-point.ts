import { setTimeout as wait } from 'node:timers/promises';
import type { View } from './bson/values.ts';
import { isView } from './bson/values.ts';
import type { CommandHeader, Reply } from './command-types.ts';
import { HangUp, isRetryable, MongoCommandError } from './errors.ts';

/** WriteConflict, SnapshotUnavailable and NoSuchTransaction. */
const transient = new Set([112, 246, 251]);

interface Armed {
  readonly data: View;
  skip: number;
  times: number;
  /** The probability that it applies to a command. */
  readonly probability: number;
}

/** The fail point `failCommand`: makes selected commands fail, wait, or lose their connection. */
export class FailPoint {
  #armed: Armed | undefined;
  #hits = 0;

  /**
   * Enables or disables the fail point.
   *
   * @param mode 'off', 'alwaysOn', `{ times }`, `{ skip }` or `{ activationProbability }`
   * @param data `failCommands`, and the failure
   * @returns how many commands it has applied to so far
   * @throws MongoCommandError 9 for any other mode
   */
  configure(mode: unknown, data: View): number {
    this.#armed = armedBy(mode, data);
    return this.#hits;
  }

  turnOff(): void {
    this.#armed = undefined;
  }

  /**
   * Applies the fail point to a command.
   *
   * @returns the fields to add to the reply, if the fail point has a write concern error
   * @throws HangUp, or the MongoCommandError of the fail point
   */
  async strike(command: CommandHeader): Promise<Reply> {
    const data = this.#dataFor(command);
    if (!data) return {};
    if (data.blockConnection) {
      await wait(Number(data.blockTimeMS ?? 0), undefined, {
        signal: command.connection.closed,
      });
    }
    if (data.closeConnection) throw new HangUp('closed by a fail point');
    if (data.errorCode !== undefined) throw failure(command, data);
    const { writeConcernError } = data;
    if (!isView(writeConcernError)) return {};
    const labels = data.errorLabels ?? writeConcernError.errorLabels;
    return { writeConcernError, ...(labels ? { errorLabels: labels } : {}) };
  }

  #dataFor(command: CommandHeader): View | undefined {
    const armed = this.#armed;
    if (!armed || !isMeant(armed.data, command)) return undefined;
    if (Math.random() >= armed.probability) return undefined;
    if (armed.skip > 0) {
      armed.skip -= 1;
      return undefined;
    }
    armed.times -= 1;
    if (armed.times <= 0) this.#armed = undefined;
    this.#hits += 1;
    return armed.data;
  }
}

function armedBy(mode: unknown, data: View): Armed | undefined {
  if (mode === 'off') return undefined;
  const always = { data, skip: 0, times: Number.POSITIVE_INFINITY, probability: 1 };
  if (mode === 'alwaysOn') return always;
  if (isView(mode) && Number(mode.times) >= 0) {
    const times = Number(mode.times);
    return times > 0 ? { ...always, times } : undefined;
  }
  if (isView(mode) && Number(mode.skip) >= 0) {
    return { ...always, skip: Number(mode.skip) };
  }
  if (isView(mode) && Number(mode.activationProbability) >= 0) {
    return { ...always, probability: Number(mode.activationProbability) };
  }
  throw new MongoCommandError(
    9,
    "fail point mode must be 'off', 'alwaysOn', { times }, { skip } or { activationProbability }",
  );
}

function isMeant(data: View, command: CommandHeader): boolean {
  const { failCommands, appName } = data;
  if (!Array.isArray(failCommands)) return false;
  if (appName !== undefined && appName !== command.connection.appName) return false;
  const name = command.name.toLowerCase();
  return (
    name !== 'configurefailpoint' && failCommands.some((n) => String(n).toLowerCase() === name)
  );
}

function failure(command: CommandHeader, data: View): MongoCommandError {
  const code = Number(data.errorCode);
  const given = data.errorLabels;
  const labels = retryLabels(command, code);
  return new MongoCommandError(code, "Failing command via 'failCommand' failpoint", {
    errorLabels: Array.isArray(given) ? given.map(String) : labels,
  });
}

/** Returns the error labels that tell a driver to retry the command, or its transaction. */
function retryLabels({ body, name }: CommandHeader, code: number): string[] {
  const ends = /^(commit|abort)transaction$/i.test(name);
  if (body.has('autocommit') && !ends) {
    const isTransient = isRetryable(code) || transient.has(code);
    return isTransient ? ['TransientTransactionError'] : [];
  }
  return body.has('txnNumber') && isRetryable(code) ? ['RetryableWriteError'] : [];
}
