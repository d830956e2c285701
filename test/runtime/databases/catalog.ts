import type { IndexDescriptionInfo, MongoClient } from 'mongodb';
import { CLUSTER, DEPLOYMENTS, type Deployment } from './deployments.ts';
import { settingsFor } from './wire.ts';

/*
 * The contents of the servers: the catalog of the examples, from which every round of a test starts.
 */

/** A client of each deployment, past the service. */
export type Clients = Record<Deployment, MongoClient>;

interface Collection {
  server: Deployment;
  database: string;
  name: string;
  indexes: IndexDescriptionInfo[];
  documents: object[];
}

/** Every collection of all deployments. */
export type Catalog = readonly Collection[];

const SYSTEM = ['admin', 'config', 'local'];

/** Added to the versions of stores that are on the cluster instead: a container never replaces an entry by an older one. */
const LATER = 1_000;

/** Returns a catalog with the same stores, all of them on the cluster. */
export const withStoresOnCluster = (catalog: Catalog): Catalog =>
  catalog.map((at) => {
    if (at.server !== 'primary') return at;
    if (at.database.startsWith('store_')) return { ...at, server: CLUSTER };
    if (at.name !== 'stores') return at;
    const moved = (at.documents as { version: number }[]).map((entry) => ({
      ...entry,
      ...{ cluster: CLUSTER, version: entry.version + LATER },
    }));
    return { ...at, documents: moved };
  });

/** Reads every collection of all deployments. */
export async function readCatalog(clients: Clients): Promise<Catalog> {
  const read = async (server: Deployment) => {
    const { databases } = await clients[server]
      .db('admin')
      .admin()
      .listDatabases({ nameOnly: true });
    const own = databases.map(({ name }) => name).filter((name) => !SYSTEM.includes(name));
    return (
      await Promise.all(own.map((database) => readDatabase(clients, server, database)))
    ).flat();
  };
  return (await Promise.all(DEPLOYMENTS.map(read))).flat();
}

async function readDatabase(
  clients: Clients,
  server: Deployment,
  database: string,
): Promise<Collection[]> {
  const db = clients[server].db(database);
  const collections = await db.listCollections({}, { nameOnly: true }).toArray();
  return Promise.all(
    collections.map(async ({ name }) => ({
      server,
      database,
      name,
      indexes: await db.collection(name).indexes(),
      documents: await db.collection(name).find().sort({ _id: 1 }).toArray(),
    })),
  );
}

/** Writes every collection to servers that contain nothing. */
export async function writeCatalog(clients: Clients, catalog: Catalog): Promise<void> {
  await Promise.all(
    catalog.map(async ({ server, database, name, indexes, documents }) => {
      const collection = clients[server].db(database).collection(name);
      await collection.createIndexes(indexes as never);
      if (documents.length > 0) await collection.insertMany(documents);
    }),
  );
}

/**
 * Creates the catalog of the examples of the OpenAPI document, and reads it. It is created in this process, by the
 * functions themselves.
 */
export async function exampleCatalog(
  uris: Record<Deployment, string>,
  clients: Clients,
): Promise<Catalog> {
  Object.assign(process.env, settingsFor(uris));
  process.env.CURSOR_SECRET = 'signs the cursors of the runtime tests';
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  const { seedExamples } = await import('../../../openapi/example-catalog.ts');
  const { closeConnections } = await import('#lib/connections.ts');
  await seedExamples();
  await closeConnections();
  return readCatalog(clients);
}
