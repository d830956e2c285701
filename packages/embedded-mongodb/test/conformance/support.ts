import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import * as mongo from 'mongodb';
import { type EmbeddedMongo, startEmbeddedMongo } from '../../src/index.ts';

export type Collection = mongo.Collection<mongo.Document>;
type Kind = 'embedded' | 'documentdb' | 'mongod';

/**
 * What a MongoDB does and one of the other two servers of this suite does not, by name. A case that
 * needs one of these is checked to be refused where it is missing.
 */
const missing = {
  /** What monitoring asks of a server. */
  diagnostics: ['documentdb'],
  /** The server's time in an update of several documents. */
  'time for many': ['documentdb'],
  /** How a query would be run. */
  explain: ['documentdb'],
} satisfies Record<string, Kind[]>;

export type Capability = keyof typeof missing;

/** The primary server of a test file, a client on it, and collections of any shape. */
export interface Conformance {
  readonly client: mongo.MongoClient;
  readonly kind: Kind;
  /** The server's connection string, without the file's database. */
  readonly uri: string;
  readonly db: mongo.Db;
  /** The file's database of that name, dropped at the end. */
  database(name: string): mongo.Db;
  /** A collection that no other case uses. */
  collection(): Collection;
  /** The same with documents in it; those without an `_id` are counted from 0. */
  seeded(...documents: object[]): Promise<Collection>;
  /** Runs what needs a capability; where that is missing, it has to be refused by the server. */
  needing(capability: Capability, body: () => Promise<unknown>): Promise<void>;
}

/** Drops the databases of one file. */
async function dropDatabases(prefix: string, client?: mongo.MongoClient): Promise<void> {
  const { databases = [] } =
    (await client?.db('admin').admin().listDatabases({ nameOnly: true })) ?? {};
  for (const { name } of databases) {
    if (name.startsWith(prefix)) await client?.db(name).dropDatabase();
  }
}

/** Connects the cases of one file before the first of them. */
export function conformance(): Conformance {
  let connected: mongo.MongoClient | undefined;
  let kind: Kind = 'mongod';
  let used = 0;
  let server: EmbeddedMongo | undefined;
  let uri = '';
  // Not part of the connection string, where it would become the database that authenticates.
  const databaseName = `conformance-${randomBytes(4).toString('hex')}`;
  const suite: Conformance = {
    get client() {
      if (!connected) throw new Error('the client is connected before the tests, not before that');
      return connected;
    },
    get kind() {
      return kind;
    },
    get uri() {
      return uri;
    },
    get db() {
      return suite.client.db(databaseName);
    },
    database: (name) => suite.client.db(`${databaseName}-${name}`),
    collection: () => suite.db.collection(`c${++used}`),
    async seeded(...documents) {
      const collection = suite.collection();
      const numbered = documents.map((document, n) => ({ _id: n as never, ...document }));
      await collection.insertMany(numbered);
      return collection;
    },
    async needing(capability, body) {
      const lacking: readonly Kind[] = missing[capability];
      if (lacking.includes(kind)) await expect(body()).rejects.toThrow(mongo.MongoServerError);
      else await body();
    },
  };
  beforeAll(async () => {
    const named = process.env.PRIMARY_CONN_STR;
    if (!named) server = await startEmbeddedMongo();
    uri = named || (server?.uri ?? '');
    connected = await mongo.MongoClient.connect(uri);
    const { gitVersion } = await connected.db('admin').command({ buildInfo: 1 });
    if (gitVersion === 'embedded' || gitVersion === 'documentdb') kind = gitVersion;
  });
  afterAll(async () => {
    try {
      await dropDatabases(databaseName, connected);
    } finally {
      await connected?.close();
      await server?.stop();
    }
  });
  return suite;
}

/**
 * A value with the type of each of its numbers, e.g. `{"$numberInt":"1"}`.
 *
 * @param value what a client with `promoteValues: false` read
 */
export function typed(value: unknown): unknown {
  return mongo.BSON.EJSON.serialize(value as object, { relaxed: false });
}

/** What a server's error is, for `rejects.toMatchObject`. */
export function failure(code: number, codeName?: string): object {
  return codeName === undefined ? { code } : { code, codeName };
}
