import type { BsonDocument } from './bson/values.ts';

/** The state of one client connection. */
export interface ConnectionState {
  readonly id: number;
  /** The application name from the client's hello command; fail points can select by it. */
  appName: string | undefined;
  /** Aborted when the socket closes, so that nothing waits for a disconnected client. */
  readonly closed: AbortSignal;
}

/** The body of a response, before it is encoded. */
export type Reply = Record<string, unknown>;

/** The parts of a command that decide whether a fail point applies to it. */
export interface CommandHeader {
  readonly name: string;
  readonly body: BsonDocument;
  readonly connection: ConnectionState;
}
