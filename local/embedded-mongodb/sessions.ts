import { Binary } from 'bson';
import type { BsonDocument, BsonValue } from './bson/values.ts';
import { MongoCommandError } from './errors.ts';

const lifetimeMilliseconds = 30 * 60_000;

interface Session {
  txnNumber: bigint;
  answer: Record<string, unknown> | undefined;
  usedAt: number;
}

/** The write of a session that a driver may repeat without knowing whether it was done. */
export interface RetryableWrite {
  readonly session: string;
  readonly txnNumber: bigint;
}

/**
 * A session's identity as text.
 *
 * @param lsid a command's `lsid`
 */
export function sessionKey(lsid: BsonValue): string | undefined {
  const id = lsid instanceof Map ? lsid.get('id') : undefined;
  return id instanceof Binary ? Buffer.from(id.value()).toString('hex') : undefined;
}

/**
 * The retryable write that a command is, if it is one.
 *
 * @param body the command
 */
export function retryableWrite(body: BsonDocument): RetryableWrite | undefined {
  const txnNumber = body.get('txnNumber');
  const session = sessionKey(body.get('lsid'));
  if (txnNumber === undefined || session === undefined || body.has('autocommit')) return undefined;
  return { session, txnNumber: BigInt(String(txnNumber)) };
}

/** Remembers the answer to each session's last retryable write. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /**
   * What the same write was answered when it came first.
   *
   * @returns undefined if it has not been done yet
   * @throws MongoCommandError 225 if the session has gone on since
   */
  answered({ session, txnNumber }: RetryableWrite): Record<string, unknown> | undefined {
    const known = this.#sessions.get(session);
    if (!known || known.txnNumber < txnNumber) return undefined;
    if (known.txnNumber === txnNumber) return known.answer;
    throw new MongoCommandError(
      225,
      `Retryable write with txnNumber ${txnNumber} is prohibited on session because a newer retryable write with txnNumber ${known.txnNumber} has already started on this session.`,
    );
  }

  remember({ session, txnNumber }: RetryableWrite, answer: Record<string, unknown>): void {
    this.#dropExpired();
    // Deleted first, so that the map's order is the order of last use.
    this.#sessions.delete(session);
    this.#sessions.set(session, { txnNumber, answer, usedAt: Date.now() });
  }

  end(session: string): void {
    this.#sessions.delete(session);
  }

  #dropExpired(): void {
    const oldest = Date.now() - lifetimeMilliseconds;
    for (const [key, { usedAt }] of this.#sessions) {
      if (usedAt >= oldest) return;
      this.#sessions.delete(key);
    }
  }
}
