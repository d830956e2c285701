import type { BsonValue } from '../bson/values.ts';
import type { Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';

function cursorId(value: BsonValue): bigint {
  if (typeof value === 'bigint' || typeof value === 'number') return BigInt(value);
  throw new MongoCommandError(14, 'a cursor id must be an int64');
}

const getMore: Handler = (command) => {
  const namespace = `${command.database}.${String(command.options.collection)}`;
  const id = cursorId(command.exact('getMore'));
  const { session, txnNumber, owner: user } = command;
  const asking = { user, session, txnNumber };
  const size = command.number('batchSize');
  return { cursor: command.state.cursors.next(id, namespace, size, asking) };
};

const killCursors: Handler = (command) => {
  const ids = command.exact('cursors');
  if (!Array.isArray(ids)) {
    throw new MongoCommandError(14, "BSON field 'killCursors.cursors' must be an array");
  }
  const [cursorsKilled, cursorsNotFound]: [bigint[], bigint[]] = [[], []];
  for (const id of ids.map(cursorId)) {
    (command.state.cursors.kill(id) ? cursorsKilled : cursorsNotFound).push(id);
  }
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
};

export const cursorCommands: Record<string, Handler> = { getMore, killCursors };
