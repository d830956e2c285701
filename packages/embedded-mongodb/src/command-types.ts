import type { ScramExchange } from './access/scram.ts';
import type { BsonDocument } from './bson/values.ts';

/** The name of a user and its database. */
export interface UserName {
  readonly name: string;
  readonly database: string;
}

/** A sign-in that has begun. */
export interface Conversation {
  readonly user: UserName;
  readonly exchange: ScramExchange;
  /** Whether it ends with the server's proof, and not with an empty message after that. */
  readonly isShort: boolean;
  /** Whether the client has proven that it knows the password. */
  readonly isProven: boolean;
}

/** The state of one client connection. */
export interface ConnectionState {
  readonly id: number;
  /** The application name from the client's hello command; fail points can select by it. */
  appName: string | undefined;
  /** The user that has signed in. */
  user: UserName | undefined;
  conversation: Conversation | undefined;
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
