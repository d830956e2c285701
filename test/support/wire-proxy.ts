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
 * arrives; it is the last one that the server runs, without a response, before it becomes unavailable; or it is held
 * without a response.
 */
export type Fate = 'pass' | 'cut before' | 'cut after' | 'last' | 'hold';

const OP_MSG = 2013;
/** The offset after the header (16 bytes), the flags (4) and the kind of the section (1). */
const FIRST_SECTION = 21;

/** A proxy between the driver and a server, which can cut the connection, and records the commands. */
export class WireProxy {
  readonly #target: URL;
  #server: Server | undefined;
  #port = 0;
  readonly #sockets = new Set<Socket>();
  readonly #broken = new WeakSet<Socket>();
  readonly #held: (() => void)[] = [];
  /** How many sockets it has accepted so far. */
  accepted = 0;
  /** When the driver last checked the server, in milliseconds as from `Date.now()`. */
  lastHello = 0;
  /** The commands that the server received, except for the driver's own hellos. */
  readonly commands: Command[] = [];
  /** Decides what happens to each command. */
  decide: (command: Command) => Fate = () => 'pass';

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

  /** Makes each open socket fail at its next use, as after a freeze during which the network dropped it. */
  breakSockets(): void {
    for (const socket of this.#sockets) this.#broken.add(socket);
  }

  /** Sends the commands that were held to the server: they arrive late. */
  sendHeld(): void {
    for (const send of this.#held.splice(0)) send();
  }

  #join(client: Socket): void {
    this.accepted += 1;
    this.#sockets.add(client);
    const server = createConnection(Number(this.#target.port), this.#target.hostname);
    let mute = false;
    let isLast = false;
    server.on('data', (chunk) => {
      if (isLast) void this.shut();
      else if (mute) end();
      else client.write(chunk);
    });
    const end = () => {
      this.#sockets.delete(client);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    const pass = (message: Buffer) => {
      const fate = this.#fateOf(message);
      if (fate === 'hold') return void this.#held.push(() => server.write(message));
      if (fate === 'cut before') return end();
      mute ||= fate === 'cut after';
      isLast ||= fate === 'last';
      server.write(message);
    };
    let pending = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      if (this.#broken.has(client)) return client.resetAndDestroy();
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
        const message = pending.subarray(0, pending.readInt32LE(0));
        pending = pending.subarray(message.length);
        pass(message);
      }
    });
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
