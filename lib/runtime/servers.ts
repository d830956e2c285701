/**
 * The MongoDB servers of this service, and how many sockets a container may hold to each by default.
 *
 * A server that is added here has its settings (`<NAME>_CONN_STR`, `<NAME>_POOL_SIZE`), its secret, its place in
 * `GET /health` and its embedded server in `npm start`. What has to be written for it by hand does not compile without:
 * its connection in `lib/connections.ts`, its collections in `lib/indexes/`, its figures in `lib/reports/overview.ts`.
 */
export const SERVERS = {
  /** The registry of stores, the head catalog, and a database per store. */
  primary: { poolSize: 5 },
  /** The mirror, the archive and the snapshots. */
  secondary: { poolSize: 3 },
} as const;

export type Server = keyof typeof SERVERS;

export const SERVER_NAMES = Object.keys(SERVERS) as [Server, ...Server[]];

/** An object with a member for every server. */
export const forEachServer = <T>(make: (server: Server) => T): Record<Server, T> =>
  Object.fromEntries(SERVER_NAMES.map((server) => [server, make(server)])) as Record<Server, T>;

/** The environment variable with a server's connection string, where there is no Parameter Store. */
export const connectionStringVariable = (server: Server): string =>
  `${server.toUpperCase()}_CONN_STR`;
