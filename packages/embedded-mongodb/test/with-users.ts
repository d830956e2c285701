import { afterAll, beforeAll } from '@jest/globals';
import { type Document, MongoClient, type MongoClientOptions } from 'mongodb';
import type { EmbeddedMongoOptions, EmbeddedMongoUser } from '../src/options.ts';
import { type EmbeddedMongo, startEmbeddedMongo } from '../src/server.ts';

/** A server whose clients must sign in, for the tests of one file. */
export interface Guarded {
  readonly server: EmbeddedMongo;
  /** The connection string of a user, or of a client that does not sign in. */
  uri(user?: string, pwd?: string, parameters?: Record<string, string>): string;
  /** Connects, and closes the client after the tests. */
  connect(uri: string, options?: MongoClientOptions): Promise<MongoClient>;
  /** A client of one of the users at the start of the server. */
  as(user: string): Promise<MongoClient>;
}

/** Starts the server before the tests of a file and stops it after them. */
export function withUsers(
  users: readonly EmbeddedMongoUser[],
  options: EmbeddedMongoOptions = {},
): Guarded {
  let server: EmbeddedMongo | undefined;
  const clients = new Map<string, Promise<MongoClient>>();
  const guarded: Guarded = {
    get server() {
      if (!server) throw new Error('the server starts before the tests');
      return server;
    },
    uri(user, pwd, parameters = {}) {
      const url = new URL(guarded.server.uri);
      if (user !== undefined) url.username = encodeURIComponent(user);
      if (pwd !== undefined) url.password = encodeURIComponent(pwd);
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return url.href;
    },
    connect(uri, more = {}) {
      const client = MongoClient.connect(uri, { serverSelectionTimeoutMS: 5000, ...more });
      clients.set(`${clients.size} ${uri}`, client);
      return client;
    },
    as(user) {
      const known = clients.get(user);
      if (known) return known;
      const { pwd, db = 'admin' } = users.find((other) => other.user === user) ?? {};
      const client = guarded.connect(guarded.uri(user, pwd, { authSource: db }));
      clients.set(user, client);
      return client;
    },
  };
  beforeAll(async () => {
    server = await startEmbeddedMongo({ ...options, users });
  });
  afterAll(async () => {
    const connected = await Promise.allSettled(clients.values());
    for (const result of connected) if (result.status === 'fulfilled') await result.value.close();
    await server?.stop();
  });
  return guarded;
}

/** The code and the message of a command's error, or `ok` for a success. */
export async function outcome(running: Promise<Document | null>): Promise<object> {
  return running.then(
    () => ({ ok: 1 }),
    ({ code, message }) => ({ code, message }),
  );
}
