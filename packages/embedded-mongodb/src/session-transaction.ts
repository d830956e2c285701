import type { ConnectionState } from './command-types.ts';
import type { Store } from './storage/store.ts';
import { Transaction } from './storage/transaction.ts';

/** How long a transaction survives the close of its connection, so that the driver can continue on another one. */
const reconnectMilliseconds = 1000;

/** The most recent transaction of a session, which may have ended. */
export class SessionTransaction {
  readonly transaction: Transaction;
  isCommitted = false;
  #connection: ConnectionState | undefined;
  readonly #silence: NodeJS.Timeout;

  /**
   * @param store the transaction's view of the databases
   * @param silenceMilliseconds how long it may be inactive before it is aborted
   */
  constructor(store: Store, silenceMilliseconds: number) {
    this.transaction = new Transaction(store);
    this.#silence = setTimeout(() => this.abort(), silenceMilliseconds).unref();
  }

  /** Called for each of its statements: restarts the timeout. */
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
