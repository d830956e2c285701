import { MongoCommandError } from '../errors.ts';

/**
 * Thrown when a write meets what another transaction has changed. In a transaction it is an
 * answer; any other write is undone, waits until that transaction has ended, and is run again.
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
