import { once } from 'node:events';
import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from 'node:net';
import { deserialize } from 'bson';

/** A command as it went over the wire. */
export interface Command {
  name: string;
  database: string;
}

/**
 * What becomes of a command: it passes; its socket is cut before the server gets it, or before its answer
 * comes through; or nothing happens at all.
 */
export type Fate = 'pass' | 'cut before' | 'cut after' | 'hold';

const OP_MSG = 2013;
/** Behind the header (16 bytes), the flags (4) and the kind of the section (1). */
const FIRST_SECTION = 21;

/** Stands between the driver and a server: it can cut the wire, and sees what goes over it. */
export class WireProxy {
  readonly #target: URL;
  #server: Server | undefined;
  #port = 0;
  readonly #sockets = new Set<Socket>();
  /** How many sockets it has accepted so far. */
  accepted = 0;
  /** When the driver last asked whether the server is well; milliseconds as `Date.now()` gives them. */
  lastHello = 0;
  /** What the server was asked, besides the driver's own hellos. */
  readonly commands: Command[] = [];
  /** Decides what becomes of each command. */
  decide: (command: Command) => Fate = () => 'pass';

  /** @param target the connection string of the server behind it */
  constructor(target: string) {
    this.#target = new URL(target);
  }

  /** A connection string that leads through the proxy, and lets the driver find no way around it. */
  get uri(): string {
    return `mongodb://127.0.0.1:${this.#port}${this.#target.pathname}?directConnection=true`;
  }

  /** Sockets that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Listens, on the same port each time. */
  async listen(): Promise<this> {
    this.#server = createServer((socket) => this.#join(socket));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Refuses new sockets, and cuts the ones that are there: to a client, the server is gone. */
  async shut(): Promise<void> {
    const server = this.#server;
    if (!server?.listening) return;
    server.close();
    this.cut();
    await once(server, 'close');
  }

  /** Cuts every socket that is open. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  #join(client: Socket): void {
    this.accepted += 1;
    this.#sockets.add(client);
    const server = createConnection(Number(this.#target.port), this.#target.hostname);
    let mute = false;
    server.on('data', (chunk) => (mute ? end() : client.write(chunk)));
    const end = () => {
      this.#sockets.delete(client);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    const pass = (message: Buffer) => {
      const fate = this.#fateOf(message);
      if (fate === 'hold') return;
      if (fate === 'cut before') return end();
      mute ||= fate === 'cut after';
      server.write(message);
    };
    let pending = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
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
  // The driver's first hello on a socket is of the older kind, OP_QUERY.
  if (message.readInt32LE(12) !== OP_MSG) return { name: 'hello', database: 'admin' };
  const section = message.subarray(FIRST_SECTION);
  const body = deserialize(section.subarray(0, section.readInt32LE(0)));
  return { name: Object.keys(body)[0] ?? '', database: String(body.$db) };
}
