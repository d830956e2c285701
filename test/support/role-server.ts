import { randomBytes } from 'node:crypto';
import { Binary, type Document, deserialize, serialize } from 'bson';
import { type RoleCredentials, signedHeaders } from './aws-signature.ts';
import { type Conversation, SignInServer } from './sign-in-server.ts';

const HOST = 'sts.amazonaws.com';
/** The signed request that the client sends, and that the server forwards to AWS to identify it. */
const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';

/**
 * A proxy that requires the sign-in with an AWS role (MONGODB-AWS), like Atlas. Atlas forwards the
 * signed request to AWS; this proxy checks the signature itself.
 */
export class RoleServer extends SignInServer {
  readonly #role: RoleCredentials;

  /** @param target the connection string of the server behind it */
  constructor(target: string, role: RoleCredentials) {
    super(target);
    this.#role = role;
  }

  /** A connection string for a role, without a password. */
  get uri(): string {
    const options = 'directConnection=true&authSource=%24external&authMechanism=MONGODB-AWS';
    return `mongodb://${this.place}?${options}`;
  }

  protected override conversation(): Conversation {
    let nonce = Buffer.alloc(0);
    let isIn = false;
    return (command, body) => {
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
