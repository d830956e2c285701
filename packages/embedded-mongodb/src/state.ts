import { ObjectId } from 'bson';
import type { Accounts } from './access/accounts.ts';
import { Cursors } from './cursors.ts';
import type { DataFolder } from './data-folder/open.ts';
import { FailPoint } from './fail-point.ts';
import { Parameters } from './parameters.ts';
import { compileFilter } from './query/filter.ts';
import { Sessions } from './sessions.ts';
import { Store } from './storage/store.ts';
import { TtlMonitor } from './ttl.ts';

/** The state that all commands of a server share. */
export class ServerState {
  readonly databases = new Store(compileFilter);
  readonly parameters = new Parameters();
  readonly cursors = new Cursors(() => this.parameters.settings.cursorTimeoutMillis);
  readonly sessions = new Sessions(
    this.databases,
    () => this.parameters.settings.transactionLifetimeLimitSeconds * 1000,
  );
  readonly ttl = new TtlMonitor(this.databases, this.parameters);
  readonly failPoint = new FailPoint();
  /** Null is a standalone server. */
  readonly replicaSet: string | null;
  readonly host: string;
  readonly startedAt = new Date();
  /** Identifies this run of the server to monitors. It changes with each restart. */
  processId = new ObjectId();
  port = 0;
  /** Whether a client must sign in before it can do anything. */
  requiresSignIn = false;
  openConnections = 0;
  totalConnections = 0;
  #accounts: Promise<Accounts> | undefined;
  #dataFolder: DataFolder | undefined;

  constructor(replicaSet: string | null, host: string) {
    this.replicaSet = replicaSet;
    this.host = host;
  }

  get address(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host; // IPv6
    return `${host}:${this.port}`;
  }

  /** Returns the users. Their code is loaded when it is first needed. */
  accounts(): Promise<Accounts> {
    this.#accounts ??= import('./access/accounts.ts').then(
      ({ Accounts }) =>
        new Accounts(this.#dataFolder?.users ?? [], (users) =>
          this.#dataFolder?.journal.usersChanged(users),
        ),
    );
    return this.#accounts;
  }

  /**
   * Replaces all data with that of a folder, in which changes are stored from then on. Does nothing if it is open.
   *
   * @throws DataFolderError if the folder cannot be used
   */
  async openDataFolder(folder: string): Promise<void> {
    const { openDataFolder } = await import('./data-folder/open.ts');
    if (this.#dataFolder) return;
    this.#dataFolder = openDataFolder(folder, this.databases);
    this.#accounts = undefined;
  }

  /** Releases the data folder, if there is one. The data stays in memory. */
  closeDataFolder(): void {
    this.#dataFolder?.close();
    this.#dataFolder = undefined;
  }

  /** Discards what a killed process would lose. The documents stay, as on a disk. */
  forget(): void {
    this.ttl.stop();
    this.sessions.abortAll();
    this.cursors.clear();
    this.failPoint.turnOff();
    this.processId = new ObjectId();
  }

  /**
   * Drops every database, closes every cursor and aborts every transaction.
   *
   * @throws MongoCommandError 14031 if the data folder cannot be written
   */
  clear(): void {
    this.sessions.abortAll();
    this.cursors.clear();
    this.databases.clear();
  }
}
