import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type Collection, type Document, MongoClient, type MongoClientOptions } from 'mongodb';
import { type EmbeddedMongo, startEmbeddedMongo } from '../src/server.ts';

/** A server and a client for the tests of one file; each test starts without data. */
export interface Fixture {
  readonly server: EmbeddedMongo;
  readonly client: MongoClient;
  /** A collection of any shape, which is how a driver sees all of them. */
  collection(name?: string): Collection<Document>;
  /** Another client, closed at the end with the rest. */
  connect(options?: MongoClientOptions): Promise<MongoClient>;
  failCommand(mode: unknown, data: object): Promise<Document>;
}

/**
 * Starts them before the tests of a file and ends them after.
 *
 * @returns what is there once the tests run
 */
export function withServer(): Fixture {
  let server: EmbeddedMongo | undefined;
  const clients: MongoClient[] = [];

  const fixture: Fixture = {
    get server() {
      if (!server) throw new Error('the server is started before the tests, not before that');
      return server;
    },
    get client() {
      const [first] = clients;
      if (!first) throw new Error('the client is connected before the tests, not before that');
      return first;
    },
    collection: (name = 'things') => fixture.client.db('shop').collection(name),
    async connect(options = {}) {
      const client = new MongoClient(fixture.server.uri, {
        serverSelectionTimeoutMS: 5000,
        ...options,
      });
      clients.push(client);
      return client.connect();
    },
    failCommand: (mode, data) =>
      fixture.client.db('admin').command({ configureFailPoint: 'failCommand', mode, data }),
  };

  beforeAll(async () => {
    server = await startEmbeddedMongo();
    await fixture.connect();
  });
  beforeEach(() => server?.clear());
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await server?.stop();
  });
  return fixture;
}

/**
 * Waits until something is so.
 *
 * @param condition asked again until it says yes
 * @throws Error after five seconds of no
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('it did not come to be in five seconds');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
