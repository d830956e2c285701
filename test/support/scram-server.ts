import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { Binary, type Document } from 'bson';
import { type Conversation, SignInServer } from './sign-in-server.ts';

const ITERATIONS = 4_096;

/** A proxy that requires a password (SCRAM-SHA-256, RFC 7677), like a server with users. */
export class ScramServer extends SignInServer {
  readonly #salt = randomBytes(28);
  readonly #salted: Buffer;

  /**
   * @param target the connection string of the server behind it
   * @param password the password as it is stored: prepared with SASLprep
   */
  constructor(target: string, password: string) {
    super(target);
    this.#salted = pbkdf2Sync(password, this.#salt, ITERATIONS, 32, 'sha256');
  }

  /** A connection string for a user who signs in with `password`. */
  uriWith(password: string): string {
    const options = 'directConnection=true&authMechanism=SCRAM-SHA-256';
    return `mongodb://user:${encodeURIComponent(password)}@${this.place}?${options}`;
  }

  protected override conversation(): Conversation {
    let first = '';
    let challenge = '';
    let isIn = false;
    return (command, body) => {
      if (command === 'saslStart' && body.mechanism === 'SCRAM-SHA-256') {
        first = textOf(body).slice('n,,'.length);
        const nonce = partsOf(first).r + randomBytes(24).toString('base64');
        challenge = `r=${nonce},s=${this.#salt.toString('base64')},i=${ITERATIONS}`;
        return { ok: 1, conversationId: 1, done: false, payload: payload(challenge) };
      }
      if (command === 'saslContinue') {
        const last = textOf(body);
        const spoken = [first, challenge, last.slice(0, last.indexOf(',p='))].join(',');
        isIn = this.#proves(spoken, partsOf(last).p ?? '');
        this.attempts.push(isIn);
        if (!isIn) return { ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'no' };
        const signature = hmac(hmac(this.#salted, 'Server Key'), spoken).toString('base64');
        return { ok: 1, conversationId: 1, done: true, payload: payload(`v=${signature}`) };
      }
      // The driver's first message may already start the sign-in, which may be ignored there.
      if (isIn || command === 'hello') return undefined;
      return { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'not signed in' };
    };
  }

  /** Whether `proof`, in base64, shows that the client knows the password. */
  #proves(spoken: string, proof: string): boolean {
    const key = hmac(this.#salted, 'Client Key');
    const signature = hmac(createHash('sha256').update(key).digest(), spoken);
    const expected = key.map((byte, at) => byte ^ (signature[at] ?? 0));
    return Buffer.from(expected).toString('base64') === proof;
  }
}

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const payload = (text: string) => new Binary(Buffer.from(text));
const textOf = (body: Document): string => Buffer.from(body.payload.buffer).toString();

/** The attributes of a message: `n=user,r=nonce`. A value may have equals signs. */
const partsOf = (message: string): Record<string, string> =>
  Object.fromEntries(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
