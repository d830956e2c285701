import type { Server, Socket } from 'node:net';
import { rolesIn } from './access/roles.ts';
import { type Gate, serve } from './connection.ts';
import { type Deferred, deferred } from './deferred.ts';
import { listeners } from './listener.ts';
import type { EmbeddedMongoOptions, EmbeddedMongoUser } from './options.ts';
import { ServerState } from './state.ts';

/** A MongoDB-compatible server that runs in this process. It keeps its data in memory and, if told to, in a folder. */
export interface EmbeddedMongo {
  /** The connection string, without a user, e.g. `mongodb://127.0.0.1:27017/?replicaSet=rs0`. */
  readonly uri: string;
  /** The port that the server listens on; it stays the same after a restart. */
  readonly port: number;
  /** The number of client connections that are open now. */
  readonly openConnections: number;
  /**
   * Starts the server again after {@link EmbeddedMongo.stop}, on the same port and with the same
   * data. Does nothing while the server runs.
   *
   * @example
   * await server.stop(); // clients lose their connections
   * await server.start(); // clients reconnect and find the same documents
   */
  start(): Promise<void>;
  /**
   * Stops the server as if its process were killed: closes every connection, refuses new ones and
   * aborts open transactions. The data stays in memory until this object is garbage collected. With a
   * `dataFolder`, the folder can then be used by another server.
   *
   * @example
   * after(() => server.stop());
   */
  stop(): Promise<void>;
  /**
   * Makes the server hang: it accepts connections and receives commands, but does not run or answer
   * them until {@link EmbeddedMongo.thaw}. Use it to test a client's timeouts.
   *
   * @example
   * server.freeze();
   * await assert.rejects(client.db().command({ ping: 1 })); // given a `socketTimeoutMS`
   * server.thaw();
   */
  freeze(): void;
  /** Ends {@link EmbeddedMongo.freeze}: runs and answers the commands that have arrived since. */
  thaw(): void;
  /**
   * Drops every database, closes every cursor and aborts every transaction. The users stay.
   *
   * @example
   * beforeEach(() => server.clear());
   */
  clear(): void;
}

/** Blocks commands and responses while the server is frozen. */
class Freezer {
  #pending: Deferred<void> | undefined;
  readonly gate: Gate = async () => {
    await this.#pending?.promise;
  };

  shut(): void {
    this.#pending ??= deferred();
  }

  open(): void {
    this.#pending?.resolve();
    this.#pending = undefined;
  }
}

/** Creates the users, or updates those that the data folder contains, without whom no client can do anything from now on. */
async function requireSignIn(
  state: ServerState,
  users: readonly EmbeddedMongoUser[],
): Promise<void> {
  if (users.length === 0) throw new RangeError('users must contain at least one user');
  const accounts = await state.accounts();
  const stored = new Set(accounts.all().map(({ id }) => id));
  for (const { user, pwd, roles, db = 'admin' } of users) {
    const id = accounts.find(db, user)?.id;
    const change = { password: pwd, roles: rolesIn(roles, db) };
    // A stored user of an earlier run is updated; a user that is listed twice is an error.
    if (id && stored.delete(id)) await accounts.update(db, user, change);
    else await accounts.create(db, user, change);
  }
  state.requiresSignIn = true;
}

/**
 * Starts a MongoDB-compatible server in this process.
 *
 * @returns the server, which accepts connections
 * @throws the error of `node:net` if the server cannot listen, e.g. with the code `EADDRINUSE`; an Error for users or
 *   certificates that are not valid; an Error with the name `DataFolderError` if another process uses the data folder,
 *   or its data cannot be read
 *
 * @example
 * import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
 * import { MongoClient } from 'mongodb';
 *
 * const server = await startEmbeddedMongo();
 * const client = await MongoClient.connect(server.uri);
 * await client.db('shop').collection('products').insertOne({ sku: 'A-1' });
 * await client.close();
 * await server.stop();
 */
export async function startEmbeddedMongo(
  options: EmbeddedMongoOptions = {},
): Promise<EmbeddedMongo> {
  const { port = 0, replicaSet = 'rs0', host = '127.0.0.1', users, tls, dataFolder } = options;
  const state = new ServerState(replicaSet, host);
  const sockets = new Set<Socket>();
  const freezer = new Freezer();
  let server: Server | undefined;
  state.port = port;
  const createListener = await listeners(tls);

  /** Tracks a connection, which with TLS is not ready to be served yet. */
  function track(socket: Socket): void {
    sockets.add(socket);
    state.openConnections = sockets.size;
    state.totalConnections += 1;
    socket.once('close', () => {
      sockets.delete(socket);
      state.openConnections = sockets.size;
    });
  }

  /** Opens the data folder and, at the first start, creates the users. */
  async function prepare(): Promise<void> {
    if (dataFolder !== undefined) await state.openDataFolder(dataFolder);
    if (users && !state.requiresSignIn) await requireSignIn(state, users);
  }

  async function start(): Promise<void> {
    if (server) return;
    try {
      await prepare();
      await listen();
    } catch (error) {
      state.closeDataFolder();
      throw error;
    }
  }

  async function listen(): Promise<void> {
    if (server) return;
    const listener = createListener((socket) => serve(socket, state, freezer.gate));
    // First, so that a connection is tracked before it is served.
    listener.prependListener('connection', track);
    server = listener;
    try {
      await new Promise<void>((resolve, reject) => {
        listener.once('error', reject);
        listener.listen(state.port, host, resolve);
      });
    } catch (error) {
      server = undefined;
      throw error;
    }
    state.ttl.start();
    const address = listener.address();
    if (address !== null && typeof address === 'object') state.port = address.port;
  }

  async function stop(): Promise<void> {
    if (!server) return;
    const closed = new Promise<void>((resolve) => {
      server?.close(() => resolve());
    });
    server = undefined;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    state.openConnections = 0;
    freezer.open();
    state.forget();
    state.closeDataFolder();
    await closed;
  }

  await start();
  return {
    get uri() {
      const options = new URLSearchParams({
        ...(replicaSet === null ? { directConnection: 'true' } : { replicaSet }),
        ...(tls ? { tls: 'true' } : {}),
      });
      return `mongodb://${state.address}/?${options}`;
    },
    get port() {
      return state.port;
    },
    get openConnections() {
      return state.openConnections;
    },
    start,
    stop,
    freeze: () => freezer.shut(),
    thaw: () => freezer.open(),
    clear: () => state.clear(),
  };
}
