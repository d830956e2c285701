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

/** The commands that may run in a transaction. */
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
const endsTransaction = new Set(['committransaction', 'aborttransaction']);

function statementOf({ session, txnNumber }: SessionEnvelope): NumberedStatement | undefined {
  return session === undefined || txnNumber === undefined ? undefined : { session, txnNumber };
}

/**
 * Waits until another transaction has ended.
 *
 * @throws MongoCommandError 50 if the command's `maxTimeMS` passes first, AbortError if the client disconnects
 */
async function waitForEnd(command: Command, ended: Promise<void>, until: number): Promise<void> {
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
 * Runs a command outside of transactions. If it conflicts with an open transaction, its changes are
 * undone, and it is retried after that transaction has ended. A transaction that stays inactive is
 * aborted, which bounds the wait.
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
      await waitForEnd(command, error.ended, until);
    }
  }
}

/** @throws MongoCommandError 263 if the command is not allowed in a transaction */
function requireTransactional(command: Command): void {
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

/** Runs a statement of a transaction. Any failure aborts the transaction. */
async function runInTransaction(
  command: Command,
  handler: Handler,
  statement: NumberedStatement,
  starts: boolean,
): Promise<Reply> {
  requireTransactional(command);
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
 * Runs a command: as a statement of a transaction, as a retryable write, or by itself.
 *
 * @returns the reply of a successful command
 * @throws MongoCommandError if the command fails; 20 for the last two on a standalone server
 */
export async function run(command: Command, handler: Handler): Promise<Reply> {
  const envelope = sessionEnvelope(command.body, command.owner);
  const statement = statementOf(envelope);
  if (statement && command.state.replicaSet === null)
    throw new MongoCommandError(
      20,
      'Transaction numbers are only allowed on a replica set member or mongos',
    );
  command.session = envelope.session;
  if (endsTransaction.has(command.name.toLowerCase()))
    return { ...(await handler(command)), ok: 1 };
  if (!statement) return runAlone(command, handler);
  if (envelope.inTransaction) {
    command.txnNumber = statement.txnNumber;
    return runInTransaction(command, handler, statement, envelope.startsTransaction);
  }
  return command.state.sessions.once(statement, () => runAlone(command, handler));
}
