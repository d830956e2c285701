import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { mongo } from 'mongoose';
import { startMongod } from './mongod.ts';

/** Two MongoDB servers to run on. */
export interface Servers {
  primary: string;
  secondary: string;
  /** What they are, for the person at the terminal. */
  description: string;
  /** Ends the ones that were started here. */
  stop: () => Promise<void>;
}

/**
 * The servers that the two settings name, if they do; else two real ones with `mongod`, else two embedded
 * ones, which keep their data in memory.
 *
 * @throws {Error} in one line, when a server that was named does not answer, or none can be started
 */
export async function startServers({ mongod }: { mongod: boolean }): Promise<Servers> {
  const { PRIMARY_CONN_STR: primary, SECONDARY_CONN_STR: secondary } = process.env;
  if (primary && secondary) return namedServers({ primary, secondary });
  if (primary || secondary)
    throw new Error('Set both PRIMARY_CONN_STR and SECONDARY_CONN_STR, or neither');
  return mongod ? startMongods() : startEmbedded();
}

/** The connection string `uri`, of one host, with `database` as its default. */
export function withDatabase(uri: string, database: string): string {
  const url = new URL(uri);
  url.pathname = `/${database}`;
  return url.href;
}

async function namedServers(named: { primary: string; secondary: string }): Promise<Servers> {
  await requireAnswer('PRIMARY_CONN_STR', named.primary);
  await requireAnswer('SECONDARY_CONN_STR', named.secondary);
  const description = 'the servers that PRIMARY_CONN_STR and SECONDARY_CONN_STR name';
  return { ...named, description, stop: async () => {} };
}

/** A connection string holds a password: what is told of it is its setting's name. */
async function requireAnswer(setting: string, connectionString: string): Promise<void> {
  try {
    const client = new mongo.MongoClient(connectionString, { serverSelectionTimeoutMS: 5_000 });
    await client.connect().finally(() => client.close());
  } catch (error) {
    if (!(error instanceof mongo.MongoServerSelectionError))
      throw new Error(`${setting} is not a connection string that works: see .env.example`);
    throw new Error(`The server that ${setting} names does not answer: ${error.message}`);
  }
}

async function startEmbedded(): Promise<Servers> {
  const [primary, secondary] = await Promise.all([
    startEmbeddedMongo({ replicaSet: 'primary' }),
    startEmbeddedMongo({ replicaSet: 'secondary' }),
  ]);
  return {
    primary: withDatabase(primary.uri, 'manystore'),
    secondary: withDatabase(secondary.uri, 'manystore'),
    description: 'two embedded MongoDB servers, in memory',
    stop: async () => {
      await Promise.all([primary.stop(), secondary.stop()]);
    },
  };
}

async function startMongods(): Promise<Servers> {
  const [primary, secondary] = await Promise.all([
    startMongod('primary'),
    startMongod('secondary'),
  ]);
  return {
    primary: withDatabase(primary.uri, 'manystore'),
    secondary: withDatabase(secondary.uri, 'manystore'),
    description: 'two mongod, whose data goes when they end',
    stop: async () => {
      await Promise.all([primary.stop(), secondary.stop()]);
    },
  };
}
