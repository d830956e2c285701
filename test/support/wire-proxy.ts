import { once } from 'node:events';
import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from 'node:net';
import { deserialize } from 'bson';

/** A command that was sent to the server. */
export interface Command {
  name: string;
  database: string;
}

/**
 * What happens to a command: it passes; its socket is cut before the server receives it, or before the response
 * arrives; it is the last one that the server runs, without a response, before it becomes unavailable; it is held without
 * a response; or the server runs it, and its response is withheld.
 */
export type Fate = 'pass' | 'cut before' | 'cut after' | 'last' | 'hold' | 'withhold';

const OP_MSG = 2013;
/** The offset after the header (16 bytes), the flags (4) and the kind of the section (1). */
const FIRST_SECTION = 21;

/** A proxy between the driver and a server, which can cut the connection, and records the commands. */
export class WireProxy {
  readonly #target: URL;
  #server: Server | undefined;
  #port = 0;
  readonly #sockets = new Set<Socket>();
  readonly #servers = new WeakMap<Socket, Socket>();
  readonly #broken = new WeakSet<Socket>();
  readonly #silent = new WeakSet<Socket>();
  #isPaused = false;
  readonly #held: (() => void)[] = [];
  /** How many sockets it has accepted so far. */
  accepted = 0;
  /** When the driver last checked the server, in milliseconds as from `Date.now()`. */
  lastHello = 0;
  /** The commands that the server received, except for the driver's own hellos. */
  readonly commands: Command[] = [];
  /** Decides what happens to each command. */
  decide: (command: Command) => Fate = () => 'pass';
  /** Called when the server has run a command whose response is withheld. */
  onWithheld: () => void = () => {};

  /** @param target the connection string of the server behind it */
  constructor(target: string) {
    this.#target = new URL(target);
  }

  /** A connection string that leads through the proxy, and prevents the driver from bypassing it. */
  get uri(): string {
    return `mongodb://127.0.0.1:${this.#port}${this.#target.pathname}?directConnection=true`;
  }

  /** The number of open sockets. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Listens, always on the same port. */
  async listen(): Promise<this> {
    this.#server = createServer((socket) => this.#join(socket));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Rejects new sockets and cuts existing ones: to a client, the server is unavailable. */
  async shut(): Promise<void> {
    const server = this.#server;
    if (!server?.listening) return;
    server.close();
    this.cut();
    await once(server, 'close');
  }

  /** Cuts every open socket. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  /** Resets every open socket. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#sockets.clear();
  }

  /** Drops everything that is sent on the open sockets, without closing them. New sockets are served. */
  silence(): void {
    for (const socket of this.#sockets) this.#silent.add(socket);
  }

  /** Delays everything that is sent, on open sockets and on new ones, until {@link resume}. */
  pause(): void {
    this.#isPaused = true;
    for (const socket of this.#sockets) this.#eachEnd(socket, (end) => end.pause());
  }

  /** Delivers what was delayed since {@link pause}. */
  resume(): void {
    this.#isPaused = false;
    for (const socket of this.#sockets) this.#eachEnd(socket, (end) => end.resume());
  }

  /** Makes each open socket fail at its next use, as after a freeze during which the network dropped it. */
  breakSockets(): void {
    for (const socket of this.#sockets) this.#broken.add(socket);
  }

  /** Sends the commands that were held to the server: they arrive late. */
  sendHeld(): void {
    for (const send of this.#held.splice(0)) send();
  }

  #eachEnd(client: Socket, act: (end: Socket) => void): void {
    act(client);
    const server = this.#servers.get(client);
    if (server) act(server);
  }

  #join(client: Socket): void {
    this.accepted += 1;
    this.#sockets.add(client);
    const server = createConnection(Number(this.#target.port), this.#target.hostname);
    this.#servers.set(client, server);
    let fateOfSocket: Fate = 'pass';
    server.on('data', (chunk) => {
      if (this.#silent.has(client)) return;
      if (fateOfSocket === 'last') void this.shut();
      else if (fateOfSocket === 'cut after') end();
      else if (fateOfSocket === 'withhold') this.onWithheld();
      else client.write(chunk);
    });
    const end = () => {
      this.#sockets.delete(client);
      client.destroy();
      server.destroy();
    };
    const endUnlessSilent = () => this.#silent.has(client) || end();
    client.on('error', end).on('close', end);
    server.on('error', endUnlessSilent).on('close', endUnlessSilent);
    const pass = (message: Buffer) => {
      const fate = this.#fateOf(message);
      if (fate === 'hold') return void this.#held.push(() => server.write(message));
      if (fate === 'cut before') return end();
      if (fate !== 'pass') fateOfSocket = fate;
      server.write(message);
    };
    let pending = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      if (this.#silent.has(client)) return;
      if (this.#broken.has(client)) return client.resetAndDestroy();
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
        const message = pending.subarray(0, pending.readInt32LE(0));
        pending = pending.subarray(message.length);
        pass(message);
      }
    });
    if (this.#isPaused) this.#eachEnd(client, (end) => end.pause());
  }

  #fateOf(message: Buffer): Fate {
    const command = commandIn(message);
    if (command.name === 'hello') {
      this.lastHello = Date.now();
      return 'pass';
    }
    this.commands.push(command);
    return this.decide(command);
  }
}

function commandIn(message: Buffer): Command {
  // The driver's first hello on a socket is an OP_QUERY, the older kind of message.
  if (message.readInt32LE(12) !== OP_MSG) return { name: 'hello', database: 'admin' };
  const section = message.subarray(FIRST_SECTION);
  const body = deserialize(section.subarray(0, section.readInt32LE(0)));
  return { name: Object.keys(body)[0] ?? '', database: String(body.$db) };
}
