import { ObjectId } from 'bson';
import { Cursors } from './cursors.ts';
import { FailPoint } from './fail-point.ts';
import { Sessions } from './sessions.ts';
import { Store } from './storage/store.ts';

/** What a server's commands share. */
export class ServerState {
  readonly store = new Store();
  readonly cursors = new Cursors();
  readonly sessions = new Sessions();
  readonly failPoint = new FailPoint();
  readonly replicaSet: string;
  readonly host: string;
  readonly startedAt = new Date();
  /** Names this run of the server to monitors: after a restart it is another one. */
  processId = new ObjectId();
  port = 0;
  openConnections = 0;
  totalConnections = 0;

  constructor(replicaSet: string, host: string) {
    this.replicaSet = replicaSet;
    this.host = host;
  }

  get address(): string {
    return `${this.host}:${this.port}`;
  }

  /** What a process loses when it is killed; the documents stay, as on a disk. */
  forget(): void {
    this.cursors.clear();
    this.failPoint.turnOff();
    this.processId = new ObjectId();
  }
}
