/**
 * The MongoDB servers of this service, each with the size of its connection pool in a process that serves several
 * requests at a time: `npm start`, and Lambda's managed instances. A container that serves one request at a time has a
 * pool for the sockets that its function uses: see {@link Sockets}.
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

/**
 * The maximum number of sockets to each server that one request of a function uses at the same time, if it is more than
 * {@link DEFAULT_SOCKETS}.
 */
export type Sockets = Readonly<Partial<Record<Server, number>>>;

/**
 * Most functions send one command at a time. The second socket is opened only when it is needed, such as while a command
 * that an earlier request no longer waits for still occupies the first one.
 */
export const DEFAULT_SOCKETS = 2;

export const SERVER_NAMES = Object.keys(SERVERS) as [Server, ...Server[]];

/** Returns an object with a member for every server. */
export const forEachServer = <T>(make: (server: Server) => T): Record<Server, T> =>
  Object.fromEntries(SERVER_NAMES.map((server) => [server, make(server)])) as Record<Server, T>;

/** Returns the name of the environment variable with a server's connection string, which is used locally. */
export const connectionStringVariable = (server: Server): string =>
  `${server.toUpperCase()}_CONN_STR`;
