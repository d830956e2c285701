import { MongoCommandError } from '../errors.ts';

/**
 * Thrown when a write conflicts with a change of another transaction. In a transaction, it is returned
 * to the client. Any other write is undone, and retried after that transaction has ended.
 */
export class WriteConflict extends MongoCommandError {
  /** Settled when the other transaction has ended; undefined if that is so already. */
  readonly ended: Promise<void> | undefined;

  constructor(ended?: Promise<void>) {
    super(
      112,
      'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
      { errorLabels: ['TransientTransactionError'] },
    );
    this.ended = ended;
  }
}
