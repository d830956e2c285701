import type { IndexDescriptionInfo, MongoClient } from 'mongodb';
import { connectionStringVariable, SERVER_NAMES, type Server } from '#lib/runtime/servers.ts';

/*
 * The contents of the servers: the catalog of the examples, from which every round of a test starts.
 */

/** A client of each server, past the service. */
export type Clients = Record<Server, MongoClient>;

interface Collection {
  server: Server;
  database: string;
  name: string;
  indexes: IndexDescriptionInfo[];
  documents: object[];
}

/** Every collection of both servers. */
export type Catalog = readonly Collection[];

const SYSTEM = ['admin', 'config', 'local'];

/** Reads every collection of both servers. */
export async function readCatalog(clients: Clients): Promise<Catalog> {
  const read = async (server: Server) => {
    const { databases } = await clients[server]
      .db('admin')
      .admin()
      .listDatabases({ nameOnly: true });
    const own = databases.map(({ name }) => name).filter((name) => !SYSTEM.includes(name));
    return (
      await Promise.all(own.map((database) => readDatabase(clients, server, database)))
    ).flat();
  };
  return (await Promise.all(SERVER_NAMES.map(read))).flat();
}

async function readDatabase(
  clients: Clients,
  server: Server,
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
  uris: Record<Server, string>,
  clients: Clients,
): Promise<Catalog> {
  for (const server of SERVER_NAMES) process.env[connectionStringVariable(server)] = uris[server];
  process.env.CURSOR_SECRET = 'signs the cursors of the runtime tests';
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  const { seedExamples } = await import('../../../openapi/example-catalog.ts');
  const { closeConnections } = await import('#lib/connections.ts');
  await seedExamples();
  await closeConnections();
  return readCatalog(clients);
}
