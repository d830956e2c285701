import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from 'node:net';
import { Binary, type Document, deserialize, serialize } from 'bson';
import { type RoleCredentials, signedHeaders } from './aws-signature.ts';

const OP_MSG = 2013;
/** Behind the header (16 bytes), the flags (4) and the kind of the section (1). */
const FIRST_SECTION = 21;
const HOST = 'sts.amazonaws.com';
/** The request that the client signs, and the server sends to AWS to learn who it is. */
const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';

/**
 * Stands before a server and lets in who signs in with an AWS role (MONGODB-AWS), as Atlas does. Atlas sends
 * what the client signed to AWS; this checks the signature itself.
 */
export class RoleServer {
  readonly #target: URL;
  readonly #role: RoleCredentials;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Whether it let a client in, for each that tried. */
  readonly attempts: boolean[] = [];

  /** @param target the connection string of the server behind it */
  constructor(target: string, role: RoleCredentials) {
    this.#target = new URL(target);
    this.#role = role;
    this.#server = createServer((client) => this.#join(client));
  }

  /** A connection string as one that Atlas gives for a role: it holds no password. */
  get uri(): string {
    const { port } = this.#server.address() as AddressInfo;
    const options = 'directConnection=true&authSource=%24external&authMechanism=MONGODB-AWS';
    return `mongodb://127.0.0.1:${port}${this.#target.pathname}?${options}`;
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
    const answer = this.#conversation();
    let pending = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
        const message = pending.subarray(0, pending.readInt32LE(0));
        pending = pending.subarray(message.length);
        const own = answer(message);
        if (own) client.write(reply(message, own));
        else server.write(message);
      }
    });
  }

  /** What a socket is answered before it is let in; undefined for what the server behind may answer. */
  #conversation(): (message: Buffer) => Document | undefined {
    let nonce = Buffer.alloc(0);
    let isIn = false;
    return (message) => {
      const { command, body } = commandIn(message);
      if (command === 'saslStart' && body.mechanism === 'MONGODB-AWS') {
        nonce = Buffer.concat([payloadOf(body).r.buffer, randomBytes(32)]);
        const payload = new Binary(serialize({ s: new Binary(nonce), h: HOST }));
        return { ok: 1, conversationId: 1, done: false, payload };
      }
      if (command === 'saslContinue') {
        isIn = this.#isSigned(payloadOf(body), nonce);
        this.attempts.push(isIn);
        if (!isIn) return { ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'no' };
        return { ok: 1, conversationId: 1, done: true, payload: new Binary() };
      }
      if (isIn || command === 'hello') return undefined;
      return { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'not signed in' };
    };
  }

  /** Whether the role has signed the request for this conversation's nonce. */
  #isSigned({ a: authorization, d: date, t: token }: Document, nonce: Buffer): boolean {
    const headers = {
      'content-length': String(BODY.length),
      'content-type': 'application/x-www-form-urlencoded',
      host: HOST,
      'x-amz-date': date,
      'x-amz-security-token': token,
      'x-mongodb-gs2-cb-flag': 'n',
      'x-mongodb-server-nonce': nonce.toString('base64'),
    };
    const signed = signedHeaders({ authorization, headers, body: BODY }, this.#role);
    return signed?.join() === Object.keys(headers).join();
  }
}

const payloadOf = (body: Document) => deserialize(body.payload.buffer, { promoteBuffers: false });

function commandIn(message: Buffer): { command: string; body: Document } {
  // The driver's first hello on a socket is of the older kind, OP_QUERY.
  if (message.readInt32LE(12) !== OP_MSG) return { command: 'hello', body: {} };
  const section = message.subarray(FIRST_SECTION);
  const body = deserialize(section.subarray(0, section.readInt32LE(0)), { promoteBuffers: false });
  return { command: Object.keys(body)[0] ?? '', body };
}

/** An answer to a message, as OP_MSG. */
function reply(message: Buffer, body: Document): Buffer {
  const section = serialize(body);
  const head = Buffer.alloc(FIRST_SECTION);
  head.writeInt32LE(FIRST_SECTION + section.length, 0);
  message.copy(head, 8, 4, 8); // It answers the request of that id.
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, section]);
}
