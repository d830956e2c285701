import { once } from 'node:events';
import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from 'node:net';
import { type Document, deserialize, serialize } from 'bson';

const OP_MSG = 2013;
/** The offset after the header (16 bytes), the flags (4) and the kind of the section (1). */
const FIRST_SECTION = 21;

/** The response to a command before the sign-in; undefined if the server behind may respond. */
export type Conversation = (command: string, body: Document) => Document | undefined;

/** A proxy that accepts clients which sign in as its conversation requires. */
export abstract class SignInServer {
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Whether each client that tried could sign in. */
  readonly attempts: boolean[] = [];

  /** @param target the connection string of the server behind it */
  constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((client) => this.#join(client));
  }

  /** The state of one socket. */
  protected abstract conversation(): Conversation;

  /** The address at which it listens, with its target's database: `127.0.0.1:27017/name`. */
  protected get place(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `127.0.0.1:${port}${this.#target.pathname}`;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  async shut(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    this.#sockets.add(client);
    const server = createConnection(Number(this.#target.port), this.#target.hostname);
    const end = () => {
      this.#sockets.delete(client);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    server.on('data', (chunk) => client.write(chunk));
    const answer = this.conversation();
    let pending = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
        const message = pending.subarray(0, pending.readInt32LE(0));
        pending = pending.subarray(message.length);
        const { command, body } = commandIn(message);
        const own = answer(command, body);
        if (own) client.write(reply(message, own));
        else server.write(message);
      }
    });
  }
}

function commandIn(message: Buffer): { command: string; body: Document } {
  // The driver's first hello on a socket is an OP_QUERY, the older kind of message.
  if (message.readInt32LE(12) !== OP_MSG) return { command: 'hello', body: {} };
  const section = message.subarray(FIRST_SECTION);
  const body = deserialize(section.subarray(0, section.readInt32LE(0)), { promoteBuffers: false });
  return { command: Object.keys(body)[0] ?? '', body };
}

/** A response to a message, as OP_MSG. */
function reply(message: Buffer, body: Document): Buffer {
  const section = serialize(body);
  const head = Buffer.alloc(FIRST_SECTION);
  head.writeInt32LE(FIRST_SECTION + section.length, 0);
  message.copy(head, 8, 4, 8); // It answers the request of that id.
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, section]);
}
