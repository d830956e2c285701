import { randomBytes } from 'node:crypto';
import { type EmbeddedMongo, startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { mongo } from 'mongoose';
import { connectionStringVariable, SERVER_NAMES, type Server } from '#lib/runtime/servers.ts';
import { withDatabase } from '../../local/servers.ts';

/*
 * Runs before the modules of each test file are loaded: sets the file's servers and settings.
 * The servers are those that PRIMARY_CONN_STR and SECONDARY_CONN_STR name, or else embedded ones. Each file
 * has its own databases, so that files can run concurrently on the same servers.
 */

/** The part of the names of databases and stores that is unique to the file. */
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
// Tests of closing need not wait for other containers: there are none.
process.env.STORE_DRAIN_MS ??= '0';
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED ??= 'true';

/** Stops the embedded servers, or drops the file's databases on named ones. */
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
