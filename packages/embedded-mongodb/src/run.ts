import type { Command, Handler } from './command.ts';
import type { Reply } from './command-types.ts';
import { deferred } from './deferred.ts';
import { MongoCommandError } from './errors.ts';
import {
  type NumberedStatement,
  type SessionEnvelope,
  sessionEnvelope,
} from './session-envelope.ts';
import { WriteConflict } from './storage/conflict.ts';

/** What may be done in a transaction. */
const transactional = new Set([
  'find',
  'aggregate',
  'distinct',
  'insert',
  'update',
  'delete',
  'findandmodify',
  'getmore',
  'killcursors',
  'create',
  'createindexes',
]);
const ending = new Set(['committransaction', 'aborttransaction']);

function statementOf({ session, txnNumber }: SessionEnvelope): NumberedStatement | undefined {
  return session === undefined || txnNumber === undefined ? undefined : { session, txnNumber };
}

/** Settled when the transaction has ended, or the client has gone or will wait no longer. */
async function patience(command: Command, ended: Promise<void>, until: number): Promise<void> {
  const { promise: gone, reject } = deferred<never>();
  const { closed } = command.connection;
  const onClose = () => reject(closed.reason);
  closed.addEventListener('abort', onClose);
  const tooLong = () => reject(new MongoCommandError(50, 'operation exceeded time limit'));
  const left = until - Date.now();
  const timer = Number.isFinite(left) ? setTimeout(tooLong, Math.max(left, 0)) : undefined;
  try {
    await Promise.race([ended, gone]);
  } finally {
    clearTimeout(timer);
    closed.removeEventListener('abort', onClose);
  }
}

/**
 * Runs a command outside of transactions. Where it meets what an open transaction has changed, it
 * is undone, waits for the end of that one, and is run again; that wait ends at the latest when
 * the transaction has been silent for too long.
 */
async function runAlone(command: Command, handler: Handler): Promise<Reply> {
  const { changes } = command.state.databases;
  const limit = command.number('maxTimeMS') ?? 0;
  const until = limit > 0 ? Date.now() + limit : Number.POSITIVE_INFINITY;
  for (;;) {
    try {
      const reply = handler(command);
      changes.settle();
      return { ...(await reply), ok: 1 };
    } catch (error) {
      if (!(error instanceof WriteConflict) || !error.ended) {
        changes.settle();
        throw error;
      }
      changes.undo();
      await patience(command, error.ended, until);
    }
  }
}

function refuseOutsiders(command: Command): void {
  const name = command.name.toLowerCase();
  if (!transactional.has(name)) {
    throw new MongoCommandError(
      263,
      `Cannot run '${command.name}' in a multi-document transaction.`,
    );
  }
  if (['config', 'admin', 'local'].includes(command.database)) {
    throw new MongoCommandError(
      263,
      `Cannot perform data operations in a transaction on the '${command.database}' database`,
    );
  }
  const stages = command.options.pipeline;
  if (name !== 'aggregate' || !Array.isArray(stages)) return;
  const last: unknown = stages.at(-1);
  if (typeof last === 'object' && last !== null && ('$out' in last || '$merge' in last)) {
    throw new MongoCommandError(
      263,
      `Operation not permitted in transaction :: caused by :: Aggregation stage ${Object.keys(last)[0]} cannot run within a multi-document transaction`,
    );
  }
}

/** Any failure of a statement is the end of its transaction. */
async function runInTransaction(
  command: Command,
  handler: Handler,
  statement: NumberedStatement,
  starts: boolean,
): Promise<Reply> {
  refuseOutsiders(command);
  if (command.body.has('writeConcern')) {
    throw new MongoCommandError(
      72,
      'writeConcern is not allowed within a multi-statement transaction',
    );
  }
  if (!starts && command.body.has('readConcern')) {
    throw new MongoCommandError(
      72,
      'Only the first command in a transaction may specify a readConcern',
    );
  }
  const { sessions } = command.state;
  const transaction = starts
    ? sessions.begin(statement, command.connection)
    : sessions.current(statement, command.connection);
  command.store = transaction;
  try {
    const reply = await handler(command);
    if (reply.writeErrors) transaction.abort();
    return { ...reply, ok: 1 };
  } catch (error) {
    transaction.abort();
    throw error;
  }
}

/**
 * Runs a command as what it is: a statement of a transaction, a write that may come twice, or
 * neither.
 *
 * @param command what the client sent
 * @param handler what does it
 * @returns the reply of a command that succeeded
 * @throws MongoCommandError for one that failed
 */
export async function run(command: Command, handler: Handler): Promise<Reply> {
  const envelope = sessionEnvelope(command.body);
  const statement = statementOf(envelope);
  command.session = envelope.session;
  if (ending.has(command.name.toLowerCase())) return { ...(await handler(command)), ok: 1 };
  if (!statement) return runAlone(command, handler);
  if (envelope.inTransaction) {
    command.txnNumber = statement.txnNumber;
    return runInTransaction(command, handler, statement, envelope.startsTransaction);
  }
  return command.state.sessions.once(statement, () => runAlone(command, handler));
}
