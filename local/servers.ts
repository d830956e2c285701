import { join } from 'node:path';
import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { type ClusterStrings, parseClusterStrings } from '#lib/runtime/cluster-names.ts';
import {
  connectionStringVariable,
  forEachServer,
  SERVER_NAMES,
  type Server,
} from '#lib/runtime/servers.ts';
import { connectTo } from './connect-to.ts';
import { requireOwnProducts } from './foreign-documents.ts';
import { startMongod } from './mongod.ts';
import { requireAbilities } from './server-checks.ts';
import { withDatabase } from './with-database.ts';

/** A MongoDB server for each connection of the service, and one for each cluster. */
export interface Servers extends AsyncDisposable {
  /** The connection strings, by the environment variables that the functions read. */
  env: Record<string, string>;
  /** A description for the terminal. */
  description: string;
  /** Stops the servers that were started here. */
  stop: () => Promise<void>;
}

const VARIABLES = SERVER_NAMES.map(connectionStringVariable);
const CLUSTERS_VARIABLE = 'CLUSTER_CONN_STRS';

/** The cluster besides the primary, unless the environment names others. A store of the sample catalog is on it. */
const LOCAL_CLUSTER = 'eu-1';

/**
 * Starts the servers of the service, unless the environment names all of them: real ones with `mongod`, otherwise embedded
 * ones. The clusters are those in `CLUSTER_CONN_STRS`; without it, a further server is started as the cluster eu-1.
 *
 * @param data the folder in which the embedded servers store their data; without it, the data is only in memory
 * @throws {Error} with a message of one line, when a named server does not respond, cannot do what the service needs, or has a database that is not Manystore's, when
 *   a server cannot be started, or when `data` is given but no embedded server is started
 */
export async function startServers({
  mongod,
  data,
}: {
  mongod: boolean;
  data?: string | undefined;
}): Promise<Servers> {
  const named = VARIABLES.filter((variable) => process.env[variable]);
  if (data !== undefined && (mongod || named.length > 0))
    throw new Error(
      '--data is only for the embedded servers, not for --mongod or your own servers',
    );
  const clusters = namedClusters();
  await requireClusters(clusters);
  if (named.length === VARIABLES.length) return namedServers();
  if (named.length > 0) throw new Error(`Set both ${VARIABLES.join(' and ')}, or neither`);
  return mongod
    ? startAll(startMongod, 'mongod servers, with temporary data')
    : startEmbeddedServers(data);
}

/** Starts an embedded server for each connection of the service and for the cluster eu-1, with its data in memory or in a folder of `data`. */
export const startEmbeddedServers = (data?: string): Promise<Servers> =>
  data === undefined
    ? startAll(
        (name) => startEmbeddedMongo({ replicaSet: name }),
        'embedded in-memory MongoDB servers',
      )
    : startAll(
        (name) => startEmbeddedMongo({ replicaSet: name, dataFolder: join(data, name) }),
        `embedded MongoDB servers, with their data in ${data}`,
      );

/** Returns the clusters that the environment names. */
function namedClusters(): ClusterStrings {
  const clusters = parseClusterStrings(process.env[CLUSTERS_VARIABLE] || '{}');
  if (typeof clusters === 'string') throw new Error(`${CLUSTERS_VARIABLE} ${clusters}`);
  return clusters;
}

/** Requires that the clusters respond. Their users may have rights on some databases only, which are not checked. */
async function requireClusters(clusters: ClusterStrings): Promise<void> {
  for (const [name, uri] of clusters)
    await (await connectTo(`${CLUSTERS_VARIABLE} for ${name}`, uri)).close();
}

async function namedServers(): Promise<Servers> {
  for (const server of SERVER_NAMES) {
    const variable = connectionStringVariable(server);
    const client = await connectTo(variable, process.env[variable] ?? '');
    try {
      await requireAbilities(variable, client, { hasStores: server === 'primary' });
      await requireOwnProducts(variable, client);
    } finally {
      await client.close();
    }
  }
  const env = forEachVariable((server) => process.env[connectionStringVariable(server)] ?? '');
  return serversOf(env, `the servers in ${VARIABLES.join(' and ')}`, async () => {});
}

/** A server that was started here. */
interface Started {
  uri: string;
  stop: () => Promise<void>;
}

async function startAll(
  start: (replicaSet: string) => Promise<Started>,
  kind: string,
): Promise<Servers> {
  const hasOwnClusters = namedClusters().size > 0;
  const names = [...SERVER_NAMES, ...(hasOwnClusters ? [] : [LOCAL_CLUSTER])];
  const started = await Promise.all(names.map(start));
  const uriOf = (name: string) =>
    withDatabase(started[names.indexOf(name)]?.uri ?? '', 'manystore');
  const clusters = hasOwnClusters
    ? {}
    : { [CLUSTERS_VARIABLE]: JSON.stringify({ [LOCAL_CLUSTER]: uriOf(LOCAL_CLUSTER) }) };
  const env = { ...forEachVariable(uriOf), ...clusters };
  return serversOf(env, `${names.length} ${kind}`, async () => {
    await Promise.all(started.map((server) => server.stop()));
  });
}

const forEachVariable = (uriOf: (server: Server) => string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(forEachServer(uriOf)).map(([server, uri]) => [
      connectionStringVariable(server as Server),
      uri,
    ]),
  );

const serversOf = (
  env: Record<string, string>,
  description: string,
  stop: () => Promise<void>,
): Servers => ({
  env,
  description,
  stop,
  [Symbol.asyncDispose]: stop,
});
