import { randomBytes } from 'node:crypto';
import { type EmbeddedMongo, startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { mongo } from 'mongoose';
import { connectionStringVariable, SERVER_NAMES, type Server } from '#lib/runtime/servers.ts';
import { withDatabase } from '../../local/servers.ts';

/*
 * Runs before the modules of each test file are loaded: gives the file servers and its settings.
 * They are the servers that PRIMARY_CONN_STR and SECONDARY_CONN_STR name, or else embedded ones. A file
 * has databases of its own, so that files can run at the same time on the same servers.
 */

/** The file's own word in the names of its databases and stores. */
export const run = randomBytes(4).toString('hex');

const started: EmbeddedMongo[] = [];

async function serverOf(variable: string): Promise<string> {
  const named = process.env[variable];
  if (named) return named;
  const server = await startEmbeddedMongo();
  started.push(server);
  return server.uri;
}

/** The connection strings of the file. */
export const servers = {} as Record<Server, string>;
for (const server of SERVER_NAMES) {
  const variable = connectionStringVariable(server);
  servers[server] = withDatabase(await serverOf(variable), `test-${run}-${server}`);
  process.env[variable] = servers[server];
}
process.env.CURSOR_SECRET = 'signs the cursors of all the tests';
process.env.STORE_HANDLE_LIMIT = '50';
// A test of closing need not wait until every container has seen it: there is one.
process.env.STORE_DRAIN_MS ??= '0';
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED ??= 'true';

/** Ends the embedded servers; or drops what the file left on the named ones. */
export async function closeServers(): Promise<void> {
  if (started.length > 0) await Promise.all(started.map((server) => server.stop()));
  else await Promise.all(Object.values(servers).map(dropDatabases));
}

async function dropDatabases(uri: string): Promise<void> {
  const client = await mongo.MongoClient.connect(uri);
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  for (const { name } of databases) if (name.includes(run)) await client.db(name).dropDatabase();
  await client.close();
}
