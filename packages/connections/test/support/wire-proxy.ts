import { once } from 'node:events';
import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from 'node:net';
import { deserialize } from 'bson';

/**
 * What happens to a command: it passes; its socket is closed before or after the server runs it; it is the last one
 * that the server runs before it becomes unavailable; or it is not sent until `sendHeld()`.
 */
export type Fate = 'pass' | 'cut before' | 'cut after' | 'last' | 'hold';

const OP_MSG = 2013;
/** Offset of the first section's document: after the header (16 bytes), the flags (4) and the section kind (1). */
const FIRST_SECTION = 21;

/** A proxy between the driver and a server, which counts sockets, records commands and can close sockets. */
export class WireProxy {
  readonly #target: URL;
  #server: Server | undefined;
  #port = 0;
  readonly #sockets = new Set<Socket>();
  readonly #broken = new WeakSet<Socket>();
  readonly #silent = new WeakSet<Socket>();
  #held: (() => void)[] = [];
  /** How many sockets it has accepted so far. */
  accepted = 0;
  /** The names of the received commands, without the driver's own `hello`. */
  readonly commands: string[] = [];
  /** Decides what happens to each command. */
  decide: (command: string) => Fate = () => 'pass';

  /** @param target the connection string of the server */
  constructor(target: string) {
    this.#target = new URL(target);
  }

  /** A connection string through the proxy, with a direct connection so that the driver cannot bypass it. */
  get uri(): string {
    const options = 'directConnection=true&serverSelectionTimeoutMS=1000&heartbeatFrequencyMS=500';
    return `mongodb://127.0.0.1:${this.#port}/?${options}`;
  }

  /** How many sockets are open now. */
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

  /** Refuses new sockets and closes the open ones, as if the server were down. */
  async shut(): Promise<void> {
    const server = this.#server;
    if (!server?.listening) return;
    server.close();
    this.cut();
    await once(server, 'close');
  }

  /** Closes every open socket. */
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

  /** Sends the commands that were held. */
  sendHeld(): void {
    for (const send of this.#held.splice(0)) send();
  }

  /** Makes each open socket fail at its next use, as after a freeze during which the network dropped it. */
  breakSockets(): void {
    for (const socket of this.#sockets) this.#broken.add(socket);
  }

  #join(client: Socket): void {
    this.accepted += 1;
    this.#sockets.add(client);
    const server = createConnection(Number(this.#target.port), this.#target.hostname);
    let mute = false;
    let isLast = false;
    const end = () => {
      this.#sockets.delete(client);
      client.destroy();
      server.destroy();
    };
    server.on('data', (chunk) => {
      if (isLast) void this.shut();
      else if (mute) end();
      else client.write(chunk);
    });
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
      if (this.#silent.has(client)) return;
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
    if (command === 'hello') return 'pass';
    this.commands.push(command);
    return this.decide(command);
  }
}

function commandIn(message: Buffer): string {
  // The driver sends its first hello on a socket as the older OP_QUERY.
  if (message.readInt32LE(12) !== OP_MSG) return 'hello';
  const section = message.subarray(FIRST_SECTION);
  const body = deserialize(section.subarray(0, section.readInt32LE(0)));
  return Object.keys(body)[0] ?? '';
}
