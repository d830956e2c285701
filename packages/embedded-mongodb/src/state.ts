import { ObjectId } from 'bson';
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
  openConnections = 0;
  totalConnections = 0;

  constructor(replicaSet: string, host: string) {
    this.replicaSet = replicaSet;
    this.host = host;
  }

  get address(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host; // IPv6
    return `${host}:${this.port}`;
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
