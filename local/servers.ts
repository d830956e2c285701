import { join } from 'node:path';
import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
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

/** A MongoDB server for each connection of the service. */
export interface Servers extends AsyncDisposable {
  /** The connection strings, by the environment variables that the functions read. */
  env: Record<string, string>;
  /** A description for the terminal. */
  description: string;
  /** Stops the servers that were started here. */
  stop: () => Promise<void>;
}

const VARIABLES = SERVER_NAMES.map(connectionStringVariable);

/**
 * Starts the servers of the service, unless the environment names all of them: real ones with `mongod`, otherwise embedded
 * ones.
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
  if (named.length === VARIABLES.length) return namedServers();
  if (named.length > 0) throw new Error(`Set both ${VARIABLES.join(' and ')}, or neither`);
  return mongod
    ? startAll(startMongod, 'mongod servers, with temporary data')
    : startEmbeddedServers(data);
}

/** Starts an embedded server for each connection of the service, with its data in memory or in a folder of `data`. */
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
  const started = await Promise.all(SERVER_NAMES.map(start));
  const uris = new Map(SERVER_NAMES.map((server, index) => [server, started[index]?.uri ?? '']));
  const env = forEachVariable((server) => withDatabase(uris.get(server) ?? '', 'manystore'));
  return serversOf(env, `${SERVER_NAMES.length} ${kind}`, async () => {
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
): Servers => ({ env, description, stop, [Symbol.asyncDispose]: stop });
