/**
 * The MongoDB servers of this service, each with the default size of its connection pool.
 *
 * Adding a server here adds its settings (`<NAME>_CONN_STR`, `<NAME>_POOL_SIZE`), its secret, its status in
 * `GET /health`, and its embedded server in `npm start`. The compiler then requires its connection in
 * `lib/connections.ts`, its collections in `lib/indexes/`, and its figures in `lib/reports/overview.ts`.
 */
export const SERVERS = {
  /** The registry of stores, the head catalog, and a database per store. */
  primary: { poolSize: 5 },
  /** The mirror, the archive and the snapshots. */
  secondary: { poolSize: 3 },
} as const;

export type Server = keyof typeof SERVERS;

export const SERVER_NAMES = Object.keys(SERVERS) as [Server, ...Server[]];

/** Returns an object with a member for every server. */
export const forEachServer = <T>(make: (server: Server) => T): Record<Server, T> =>
  Object.fromEntries(SERVER_NAMES.map((server) => [server, make(server)])) as Record<Server, T>;

/** Returns the name of the environment variable with a server's connection string, which is used locally. */
export const connectionStringVariable = (server: Server): string =>
  `${server.toUpperCase()}_CONN_STR`;
