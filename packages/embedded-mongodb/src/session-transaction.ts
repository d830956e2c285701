import type { ConnectionState } from './command-types.ts';
import type { Store } from './storage/store.ts';
import { Transaction } from './storage/transaction.ts';

/** How long a driver may take to come back on another connection. */
const reconnectMilliseconds = 1000;

/** A session's transaction: the last it had, also when that has ended. */
export class SessionTransaction {
  readonly transaction: Transaction;
  isCommitted = false;
  #connection: ConnectionState | undefined;
  readonly #silence: NodeJS.Timeout;

  /**
   * @param store what it works on
   * @param silenceMilliseconds after how long without a statement it is rolled back
   */
  constructor(store: Store, silenceMilliseconds: number) {
    this.transaction = new Transaction(store);
    this.#silence = setTimeout(() => this.abort(), silenceMilliseconds).unref();
  }

  /** Another statement of it has come. */
  touch(connection: ConnectionState): void {
    this.#silence.refresh();
    this.#stayWith(connection);
  }

  commit(): void {
    this.#letGo();
    this.transaction.commit();
    this.isCommitted = true;
  }

  abort(): void {
    this.#letGo();
    this.transaction.abort();
  }

  #letGo(): void {
    clearTimeout(this.#silence);
    this.#stayWith(undefined);
  }

  #stayWith(connection: ConnectionState | undefined): void {
    if (this.#connection === connection) return;
    this.#connection?.closed.removeEventListener('abort', this.#onClose);
    this.#connection = connection;
    connection?.closed.addEventListener('abort', this.#onClose);
  }

  readonly #onClose = (): void => {
    const lost = this.#connection;
    const abandon = () => {
      if (this.#connection === lost) this.abort();
    };
    setTimeout(abandon, reconnectMilliseconds).unref();
  };
}
