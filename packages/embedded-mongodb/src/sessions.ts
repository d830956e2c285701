import type { ConnectionState, Reply } from './command-types.ts';
import { MongoCommandError } from './errors.ts';
import type { NumberedStatement } from './session-envelope.ts';
import { SessionTransaction } from './session-transaction.ts';
import type { Store } from './storage/store.ts';
import type { Transaction } from './storage/transaction.ts';

const lifetimeMilliseconds = 30 * 60_000;
interface Session {
  txnNumber: bigint;
  /** The reply to its last retryable write. */
  answer?: Promise<Reply>;
  current?: SessionTransaction;
  usedAt: number;
}

function noSuchTransaction(message: string): MongoCommandError {
  return new MongoCommandError(251, message, { errorLabels: ['TransientTransactionError'] });
}

/** The sessions of all clients, each with its last retryable write or transaction. */
export class Sessions {
  /** Ordered by last use. */
  readonly #sessions = new Map<string, Session>();
  readonly #store: Store;
  /** The value of the parameter `transactionLifetimeLimitSeconds`. */
  readonly #silenceMilliseconds: () => number;

  constructor(store: Store, silenceMilliseconds: () => number) {
    this.#store = store;
    this.#silenceMilliseconds = silenceMilliseconds;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /**
   * Runs a retryable write once. A retry receives the reply of the first attempt, even if that is
   * still running.
   *
   * @throws MongoCommandError 225 if the session has started a later write or transaction
   */
  async once(statement: NumberedStatement, run: () => Promise<Reply>): Promise<Reply> {
    const session = this.#at(statement, 'Retryable write');
    if (session.answer) return session.answer;
    const answer = run();
    session.answer = answer;
    try {
      return await answer;
    } catch (error) {
      // A write that failed as a whole may be retried.
      if (session.answer === answer) delete session.answer;
      throw error;
    }
  }

  /**
   * Begins a transaction, which aborts an earlier one of the session.
   *
   * @throws MongoCommandError 225 for a number below the session's current one, 50911 for the same number
   */
  begin(statement: NumberedStatement, connection: ConnectionState): Transaction {
    const known = this.#sessions.get(statement.session);
    if (known?.txnNumber === statement.txnNumber) {
      throw new MongoCommandError(
        50911,
        `Cannot start a transaction at given transaction number ${statement.txnNumber} because a transaction with the same number is in state ${stateOf(known.current)}`,
      );
    }
    const session = this.#at(statement, 'Transaction');
    session.current = new SessionTransaction(this.#store, this.#silenceMilliseconds());
    session.current.touch(connection);
    return session.current.transaction;
  }

  /**
   * Returns the open transaction that a statement belongs to.
   *
   * @throws MongoCommandError 251 if it is not open, 256 if it is committed, 225 if a later one has begun
   */
  current(statement: NumberedStatement, connection: ConnectionState): Transaction {
    const current = this.#find(statement);
    if (current.isCommitted) {
      throw new MongoCommandError(256, `Transaction ${statement.txnNumber} has been committed.`);
    }
    if (!current.transaction.isOpen) {
      throw noSuchTransaction(
        `Transaction with { txnNumber: ${statement.txnNumber} } has been aborted.`,
      );
    }
    current.touch(connection);
    return current.transaction;
  }

  /**
   * Commits a transaction. Committing twice has no further effect.
   *
   * @throws MongoCommandError 251 if the transaction is not open, WriteConflict
   */
  commit(statement: NumberedStatement, connection: ConnectionState): void {
    const current = this.#find(statement);
    if (current.isCommitted) return;
    this.current(statement, connection);
    current.commit();
  }

  /** @throws MongoCommandError 251 if the transaction is not open, 256 if it is committed */
  abort(statement: NumberedStatement, connection: ConnectionState): void {
    this.current(statement, connection).abort();
    this.#find(statement).abort();
  }

  keys(): string[] {
    return [...this.#sessions.keys()];
  }

  refresh(key: string): void {
    const session = this.#sessions.get(key);
    if (session) this.#use(key, session);
  }

  /** Ends a session and aborts its transaction. */
  end(key: string): void {
    this.#sessions.get(key)?.current?.abort();
    this.#sessions.delete(key);
  }

  endAll(): void {
    for (const key of this.keys()) this.end(key);
  }

  /** Aborts every open transaction, as a crash does. */
  abortAll(): void {
    for (const { current } of this.#sessions.values()) current?.abort();
  }

  #find({ session, txnNumber }: NumberedStatement): SessionTransaction {
    const known = this.#sessions.get(session);
    if (known && known.txnNumber > txnNumber) throw tooOld('Transaction', txnNumber, known);
    if (known?.txnNumber === txnNumber && known.current) {
      this.#use(session, known);
      return known.current;
    }
    throw noSuchTransaction(
      `Given transaction number ${txnNumber} does not match any in-progress transactions. The active transaction number is ${known?.txnNumber ?? -1}`,
    );
  }

  /** Returns the session at a statement's number. A higher number than before ends its earlier write or transaction. */
  #at({ session: key, txnNumber }: NumberedStatement, what: string): Session {
    const known = this.#sessions.get(key);
    if (known && known.txnNumber > txnNumber) throw tooOld(what, txnNumber, known);
    if (known?.txnNumber === txnNumber) return this.#use(key, known);
    known?.current?.abort();
    this.#dropExpired();
    return this.#use(key, { txnNumber, usedAt: Date.now() });
  }

  #use(key: string, session: Session): Session {
    session.usedAt = Date.now();
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    return session;
  }

  #dropExpired(): void {
    const oldest = Date.now() - lifetimeMilliseconds;
    for (const [key, { usedAt }] of this.#sessions) {
      if (usedAt >= oldest) return;
      this.end(key);
    }
  }
}

function stateOf(current: SessionTransaction | undefined): string {
  if (!current) return 'None';
  if (current.transaction.isOpen) return 'InProgress';
  return current.isCommitted ? 'Committed' : 'AbortedWithoutPrepare';
}

function tooOld(what: string, txnNumber: bigint, known: Session): MongoCommandError {
  return new MongoCommandError(
    225,
    `${what} with txnNumber ${txnNumber} is prohibited on session because a newer ${known.current ? 'transaction' : 'retryable write'} with txnNumber ${known.txnNumber} has already started on this session.`,
  );
}
