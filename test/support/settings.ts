import { connectionStringVariable, SERVER_NAMES, type Server } from '#lib/runtime/servers.ts';
import { withDatabase } from '../../local/with-database.ts';

/*
 * Runs before the modules of each test file are loaded: sets the file's databases and settings. The servers are those
 * of shared-servers.mjs. Each file has its own databases, so that files can run concurrently on the same servers.
 */

/** What environment.mjs gives to the file. */
interface Given {
  run: string;
  servers: { [variable: string]: ReturnType<typeof JSON.parse> };
}

const given = globalThis as unknown as Given;

/** The part of the names of databases and stores that is unique to the file. */
export const { run } = given;

/** The connection strings of the file. */
export const servers = {} as Record<Server, string>;
for (const server of SERVER_NAMES) {
  const variable = connectionStringVariable(server);
  servers[server] = withDatabase(given.servers[variable], `test-${run}-${server}`);
  process.env[variable] = servers[server];
}
/** The connection string of the cluster eu-1. */
export const cluster = withDatabase(given.servers['eu-1'], `test-${run}-eu-1`);
process.env.CLUSTER_CONN_STRS = JSON.stringify({ 'eu-1': cluster });
// Tests name the cluster of a store that is not on the primary.
process.env.DEFAULT_CLUSTER = 'primary';
process.env.CURSOR_SECRET = 'signs the cursors of all the tests';
process.env.STORE_HANDLE_LIMIT = '50';
// Tests of closing need not wait for other containers: there are none.
process.env.STORE_DRAIN_MS ??= '0';
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED ??= 'true';
