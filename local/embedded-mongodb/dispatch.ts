import type { Command, Reply } from './command.ts';
import { commandNamed } from './commands/table.ts';
import { HangUp, MongoCommandError, toCommandError } from './errors.ts';
import { retryableWrite } from './sessions.ts';

/**
 * Runs a command.
 *
 * @param command what the client sent
 * @returns the reply, also of one that failed
 * @throws HangUp when the connection is to be cut instead, AbortError when it was
 */
export async function dispatch(command: Command): Promise<Reply> {
  try {
    if (command.database === '') {
      throw new MongoCommandError(40571, 'OP_MSG requests require a $db argument');
    }
    const handler = commandNamed(command.name);
    const extra = await command.state.failPoint.strike(command);
    if (!handler) throw new MongoCommandError(59, `no such command: '${command.name}'`);
    refuseTransactions(command);
    return { ...(await once(command, handler)), ...extra };
  } catch (error) {
    if (error instanceof HangUp || command.connection.closed.aborted) throw error;
    return failed(toCommandError(error));
  }
}

/** A retryable write that was done before is not done again: it gets its first answer. */
async function once(command: Command, handler: (command: Command) => Reply | Promise<Reply>) {
  const write = retryableWrite(command.body);
  const before = write && command.state.sessions.answered(write);
  if (before) return before;
  const reply = { ...(await handler(command)), ok: 1 };
  if (write) command.state.sessions.remember(write, reply);
  return reply;
}

function refuseTransactions(command: Command): void {
  if (!command.body.has('autocommit')) return;
  throw new MongoCommandError(
    263,
    `The embedded MongoDB has no multi-document transactions: '${command.name}' cannot run in one`,
  );
}

function failed(error: MongoCommandError): Reply {
  const { code, codeName, message, details } = error;
  const { errorLabels, ...rest } = details;
  return {
    ok: 0,
    errmsg: message,
    code,
    codeName,
    ...rest,
    ...(errorLabels?.length ? { errorLabels } : {}),
  };
}
