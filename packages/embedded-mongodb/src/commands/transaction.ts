import type { Command, Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';
import { type NumberedStatement, sessionEnvelope } from '../session-envelope.ts';

function statementOf(command: Command): NumberedStatement {
  if (command.database !== 'admin') {
    throw new MongoCommandError(13, `${command.name} may only be run against the admin database.`);
  }
  const { session, txnNumber, inTransaction } = sessionEnvelope(command.body, command.owner);
  if (session === undefined || txnNumber === undefined || !inTransaction) {
    throw new MongoCommandError(125, `${command.name} must be run within a transaction`);
  }
  return { session, txnNumber };
}

const commitTransaction: Handler = (command) => {
  command.state.sessions.commit(statementOf(command), command.connection);
  return {};
};

const abortTransaction: Handler = (command) => {
  command.state.sessions.abort(statementOf(command), command.connection);
  return {};
};

export const transactionCommands: Record<string, Handler> = { commitTransaction, abortTransaction };
