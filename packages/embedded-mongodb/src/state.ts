import { ObjectId } from 'bson';
import type { Accounts } from './access/accounts.ts';
import { Cursors } from './cursors.ts';
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
  readonly replicaSet: string;
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

  constructor(replicaSet: string, host: string) {
    this.replicaSet = replicaSet;
    this.host = host;
  }

  get address(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host; // IPv6
    return `${host}:${this.port}`;
  }

  /** Returns the users. Their code is loaded when it is first needed. */
  accounts(): Promise<Accounts> {
    this.#accounts ??= import('./access/accounts.ts').then(({ Accounts }) => new Accounts());
    return this.#accounts;
  }

  /** Discards what a killed process would lose. The documents stay, as on a disk. */
  forget(): void {
    this.ttl.stop();
    this.sessions.abortAll();
    this.cursors.clear();
    this.failPoint.turnOff();
    this.processId = new ObjectId();
  }

  /** Drops every database, closes every cursor and aborts every transaction. */
  clear(): void {
    this.sessions.abortAll();
    this.cursors.clear();
    this.databases.clear();
  }
}
