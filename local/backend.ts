import { closeConnections } from '#lib/connections.ts';
import { SCOPES } from '#lib/http/scopes.ts';
import { startIssuer } from './issuer.ts';
import { sampleExists, seedIfEmpty } from './sample-catalog.ts';
import { startServers } from './servers.ts';
import { fetchToken } from './token-request.ts';

/** What the API of `npm start` needs. */
export interface Backend {
  /** A description of the servers for the terminal. */
  servers: string;
  /** An access token of the local issuer for everything; undefined with an external issuer. */
  token: string | undefined;
  /** Whether the sample catalog exists. */
  hasSample: boolean;
}

/**
 * Starts what the API of `npm start` needs: the databases, the token issuer and the sample catalog.
 *
 * @param empty whether no sample catalog is created
 * @param tokenPort the port of the issuer; without it, there is an external one
 * @param env the settings of the functions, apart from the connection strings
 * @param onStart receives a function for each part that was started, which stops it
 * @param onServers receives the connection strings as soon as the servers respond
 * @throws {Error} with a message of one line, see {@link startServers}
 */
export async function startBackend({
  mongod,
  data,
  empty,
  tokenPort,
  env,
  onStart,
  onServers,
}: {
  mongod: boolean;
  data?: string | undefined;
  empty: boolean;
  tokenPort: number | undefined;
  env: Record<string, string>;
  onStart: (stop: () => Promise<void>) => void;
  onServers: (connectionStrings: Record<string, string>) => void;
}): Promise<Backend> {
  const servers = await startServers({ mongod, data });
  onStart(servers.stop);
  onServers(servers.env);
  // With an external issuer, nothing is created: it may be a real service's.
  if (tokenPort === undefined)
    return { servers: servers.description, token: undefined, hasSample: false };
  const issuer = await startIssuer(tokenPort);
  onStart(issuer.stop);
  // Only the functions log.
  Object.assign(process.env, env, servers.env, { POWERTOOLS_LOG_LEVEL: 'SILENT' });
  try {
    if (!empty) await seedIfEmpty();
    const token = await fetchToken(issuer.url, { stores: ['*'], scopes: [...SCOPES] });
    return { servers: servers.description, token, hasSample: await sampleExists() };
  } finally {
    await closeConnections();
  }
}
