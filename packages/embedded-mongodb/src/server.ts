import { createServer, type Server, type Socket } from 'node:net';
import { type Gate, serve } from './connection.ts';
import { type Deferred, deferred } from './deferred.ts';
import { ServerState } from './state.ts';

/** A MongoDB server inside this process, with its data in memory. */
export interface EmbeddedMongo {
  /** What a driver connects with, e.g. `mongodb://127.0.0.1:27017/?replicaSet=rs0`. */
  readonly uri: string;
  readonly port: number;
  /** Sockets that are open now. */
  readonly openConnections: number;
  /** Listens again on the same port, with the data it had. */
  start(): Promise<void>;
  /** Goes away as a killed server does: cuts every socket and refuses new ones; keeps the data. */
  stop(): Promise<void>;
  /** Accepts and reads from now on, but runs and answers nothing. */
  freeze(): void;
  /** Runs and answers what has come since freeze. */
  thaw(): void;
  /** Drops every database. */
  clear(): void;
}

/** Where an embedded server listens, and what it calls itself. */
export interface EmbeddedMongoOptions {
  /** 0 for any that is free. */
  port?: number;
  replicaSet?: string;
  host?: string;
}

/** A gate that is open until it is shut. */
class Thaw {
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

/**
 * Starts a server.
 *
 * @returns once it listens
 * @throws Error of node:net, e.g. EADDRINUSE
 */
export async function startEmbeddedMongo(
  options: EmbeddedMongoOptions = {},
): Promise<EmbeddedMongo> {
  const { port = 0, replicaSet = 'rs0', host = '127.0.0.1' } = options;
  const state = new ServerState(replicaSet, host);
  const sockets = new Set<Socket>();
  const thaw = new Thaw();
  let server: Server | undefined;
  state.port = port;

  function accept(socket: Socket): void {
    sockets.add(socket);
    state.openConnections = sockets.size;
    state.totalConnections += 1;
    socket.once('close', () => {
      sockets.delete(socket);
      state.openConnections = sockets.size;
    });
    serve(socket, state, thaw.gate);
  }

  async function start(): Promise<void> {
    if (server) return;
    const listener = createServer(accept);
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
    thaw.open();
    state.forget();
    await closed;
  }

  await start();
  return {
    get uri() {
      return `mongodb://${state.address}/?replicaSet=${replicaSet}`;
    },
    get port() {
      return state.port;
    },
    get openConnections() {
      return state.openConnections;
    },
    start,
    stop,
    freeze: () => thaw.shut(),
    thaw: () => thaw.open(),
    clear: () => state.clear(),
  };
}
