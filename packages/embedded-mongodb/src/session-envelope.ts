import { Binary } from 'bson';
import type { BsonDocument, BsonValue } from './bson/values.ts';
import { MongoCommandError } from './errors.ts';

/** The session fields of a command. */
export interface SessionEnvelope {
  readonly session: string | undefined;
  /** The number of the retryable write or of the transaction. */
  readonly txnNumber: bigint | undefined;
  readonly inTransaction: boolean;
  readonly startsTransaction: boolean;
}

/** The session and the transaction number of a retryable write or of a statement of a transaction. */
export interface NumberedStatement {
  readonly session: string;
  readonly txnNumber: bigint;
}

/**
 * Returns a string that identifies a session.
 *
 * @param lsid the command's `lsid`
 * @param user the user, as sessions of different users are different ones; empty without a sign-in
 */
export function sessionKey(lsid: BsonValue, user: string): string | undefined {
  const id = lsid instanceof Map ? lsid.get('id') : undefined;
  if (!(id instanceof Binary)) return undefined;
  return Buffer.from(id.value()).toString('hex') + suffixOf(user);
}

function suffixOf(user: string): string {
  return user && ` of ${user}`;
}

/** Whether a session that `sessionKey` identifies belongs to a user. */
export function isSessionOf(key: string, user: string): boolean {
  return key.replace(/^[0-9a-f]*/, '') === suffixOf(user);
}

function refuse(message: string): never {
  throw new MongoCommandError(72, message);
}

/**
 * Reads the session fields of a command.
 *
 * @param user the user of the connection
 * @throws MongoCommandError 72 for an invalid combination of fields
 */
export function sessionEnvelope(body: BsonDocument, user: string): SessionEnvelope {
  const session = sessionKey(body.get('lsid'), user);
  const number = body.get('txnNumber');
  const txnNumber = number === undefined ? undefined : BigInt(String(number));
  const autocommit = body.get('autocommit');
  const start = body.get('startTransaction');
  if (txnNumber !== undefined && session === undefined) {
    refuse('Transaction number requires a session ID to also be specified');
  }
  if (autocommit !== undefined && txnNumber === undefined) {
    refuse("'autocommit' field requires a transaction number to also be specified");
  }
  if (autocommit !== undefined && autocommit !== false) {
    refuse('Specifying autocommit=true is not allowed.');
  }
  if (start !== undefined && autocommit === undefined) {
    refuse("'startTransaction' field requires 'autocommit' field to also be specified");
  }
  if (start !== undefined && start !== true) {
    refuse('Specifying startTransaction=false is not allowed.');
  }
  return {
    session,
    txnNumber,
    inTransaction: autocommit === false,
    startsTransaction: start === true,
  };
}
