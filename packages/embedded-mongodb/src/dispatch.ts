import type { Command } from './command.ts';
import type { Reply } from './command-types.ts';
import { topologyVersionOf } from './commands/hello.ts';
import { commandNamed } from './commands/table.ts';
import { HangUp, MongoCommandError, toCommandError } from './errors.ts';
import { run } from './run.ts';

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
    const started = performance.now();
    refuseCollation(command);
    const extra = await command.state.failPoint.strike(command);
    if (!handler) throw new MongoCommandError(59, `no such command: '${command.name}'`);
    const reply = await run(command, handler);
    refuseLate(command, performance.now() - started);
    return { ...reply, ...extra };
  } catch (error) {
    if (error instanceof HangUp || command.connection.closed.aborted) throw error;
    return failed(toCommandError(error), command);
  }
}

/** Strings are compared by their bytes, and so the simple collation is the only one. */
function refuseCollation({ body, name }: Command): void {
  const collation = body.get('collation');
  if (!(collation instanceof Map) || collation.get('locale') === 'simple') return;
  throw new MongoCommandError(
    238,
    `The embedded MongoDB has no collation but the simple one: '${name}' asks for another`,
  );
}

const limited = new Set(['find', 'aggregate', 'count', 'distinct']);

/** A read that took longer than its client wanted to wait; a write is done by now, and counts. */
function refuseLate(command: Command, elapsed: number): void {
  const limit = limited.has(command.name) ? (command.number('maxTimeMS') ?? 0) : 0;
  if (limit > 0 && elapsed > limit) {
    throw new MongoCommandError(50, 'operation exceeded time limit');
  }
}

/** "Not primary", "node is recovering" and the like: what a driver takes for a change of the server's state. */
const stateChanges = new Set([91, 189, 10058, 10107, 11600, 11602, 13435, 13436]);

function failed(error: MongoCommandError, { state }: Command): Reply {
  const { code, codeName, message, details } = error;
  const { errorLabels, ...rest } = details;
  return {
    ok: 0,
    errmsg: message,
    code,
    codeName,
    ...rest,
    // It says that nothing has changed: else the driver would look for a primary until its next heartbeat.
    ...(stateChanges.has(code) ? { topologyVersion: topologyVersionOf(state) } : {}),
    ...(errorLabels?.length ? { errorLabels } : {}),
  };
}
