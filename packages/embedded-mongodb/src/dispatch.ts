import type { Command } from './command.ts';
import type { Reply } from './command-types.ts';
import { topologyVersionOf } from './commands/hello.ts';
import { commandNamed } from './commands/table.ts';
import { HangUp, MongoCommandError, toCommandError } from './errors.ts';
import { run } from './run.ts';

/**
 * Runs a command.
 *
 * @param command the client's command
 * @returns the reply. A failed command also has a reply
 * @throws HangUp if a fail point closes the connection, AbortError if the client has closed it
 */
export async function dispatch(command: Command): Promise<Reply> {
  try {
    if (command.database === '') {
      throw new MongoCommandError(40571, 'OP_MSG requests require a $db argument');
    }
    const handler = commandNamed(command.name);
    const started = performance.now();
    if (handler && command.state.requiresSignIn) await checkAccess(command);
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

/** @throws MongoCommandError 13 if the client must sign in, or its user's roles do not allow the command */
async function checkAccess(command: Command): Promise<void> {
  const { authorize } = await import('./access/authorize.ts');
  authorize(command, await command.state.accounts());
}

/** Rejects any collation except `simple`, because strings are compared by their bytes. */
function refuseCollation({ body, name }: Command): void {
  const collation = body.get('collation');
  if (!(collation instanceof Map) || collation.get('locale') === 'simple') return;
  throw new MongoCommandError(
    238,
    `The embedded MongoDB has no collation but the simple one: '${name}' asks for another`,
  );
}

const limited = new Set(['find', 'aggregate', 'count', 'distinct']);

/** Rejects a read that exceeded its `maxTimeMS`. A write has been applied by now, so it succeeds. */
function refuseLate(command: Command, elapsed: number): void {
  const limit = limited.has(command.name) ? (command.number('maxTimeMS') ?? 0) : 0;
  if (limit > 0 && elapsed > limit) {
    throw new MongoCommandError(50, 'operation exceeded time limit');
  }
}

/** The codes "not primary", "node is recovering" and similar, which a driver treats as a change of the server's state. */
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
    // An unchanged topologyVersion: otherwise the driver would search for a primary until its next heartbeat.
    ...(stateChanges.has(code) ? { topologyVersion: topologyVersionOf(state) } : {}),
    ...(errorLabels?.length ? { errorLabels } : {}),
  };
}
