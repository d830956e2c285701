import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { authenticationFailed } from '../errors.ts';

/** The least that RFC 7677 allows: this server protects test data. */
const iterationCount = 4096;
const keyLength = 32;
const saltLength = 28;

const derive = promisify(pbkdf2);

/** What a server stores of a password (RFC 5802). */
export interface ScramCredentials {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/**
 * Derives the credentials of a password.
 *
 * @param password as the user types it. It is prepared with SASLprep (RFC 4013)
 * @throws Error for a password with characters that SASLprep prohibits
 */
export async function credentialsOf(
  password: string,
  salt: Buffer = randomBytes(saltLength),
  iterations = iterationCount,
): Promise<ScramCredentials> {
  const { saslprep } = await import('@mongodb-js/saslprep');
  const salted = await derive(saslprep(password), salt, iterations, keyLength, 'sha256');
  return {
    salt,
    iterations,
    storedKey: hash(hmac(salted, 'Client Key')),
    serverKey: hmac(salted, 'Server Key'),
  };
}

const decoySecret = randomBytes(keyLength);

/**
 * Returns credentials that no password has, for the sign-in of an unknown user. The salt is the same each time, so that
 * a client cannot find out which users exist.
 */
export function decoyCredentials(user: string): ScramCredentials {
  const salt = hmac(decoySecret, user).subarray(0, saltLength);
  const [storedKey, serverKey] = [randomBytes(keyLength), randomBytes(keyLength)];
  return { salt, iterations: iterationCount, storedKey, serverKey };
}

/** The client's first message, e.g. `n,,n=user,r=nonce`. */
export interface ClientFirst {
  readonly user: string;
  readonly nonce: string;
  /** The header, which says that there is no channel binding. */
  readonly header: string;
  /** The message without the header. */
  readonly bare: string;
}

/**
 * Parses the client's first message.
 *
 * @throws MongoCommandError 18 for a malformed one, or one that asks for channel binding
 */
export function parseClientFirst(message: string): ClientFirst {
  const [, header, bare, name, nonce] =
    /^([ny],(?:a=[^,]*)?,)(n=([^,]*),r=([^,]+)(?:,.*)?)$/s.exec(message) ?? [];
  if (header === undefined || bare === undefined || name === undefined || nonce === undefined) {
    throw authenticationFailed();
  }
  if (/=(?!2C|3D)/.test(name)) throw authenticationFailed();
  return { user: name.replaceAll('=2C', ',').replaceAll('=3D', '='), nonce, header, bare };
}

/** One exchange of SCRAM-SHA-256 (RFC 7677), after the client's first message. */
export class ScramExchange {
  /** The server's first message. */
  readonly challenge: string;
  readonly #first: ClientFirst;
  readonly #nonce: string;
  readonly #credentials: ScramCredentials;

  constructor(
    first: ClientFirst,
    credentials: ScramCredentials,
    serverNonce = randomBytes(24).toString('base64'),
  ) {
    const { salt, iterations } = credentials;
    this.#first = first;
    this.#nonce = first.nonce + serverNonce;
    this.#credentials = credentials;
    this.challenge = `r=${this.#nonce},s=${salt.toString('base64')},i=${iterations}`;
  }

  /**
   * Checks the client's final message, which proves that the client knows the password.
   *
   * @returns the server's final message, which proves that the server knows the credentials
   * @throws MongoCommandError 18 for a wrong proof or a malformed message
   */
  finish(message: string): string {
    const [, withoutProof = '', binding, nonce, proof = ''] =
      /^(c=([^,]*),r=([^,]*)(?:,[^,]+)*?),p=([^,]*)$/s.exec(message) ?? [];
    const header = Buffer.from(this.#first.header).toString('base64');
    if (binding !== header || nonce !== this.#nonce) throw authenticationFailed();
    const { storedKey, serverKey } = this.#credentials;
    const signed = [this.#first.bare, this.challenge, withoutProof].join(',');
    const signature = hmac(storedKey, signed);
    const proven = Buffer.from(proof, 'base64');
    if (proven.length !== keyLength) throw authenticationFailed();
    const clientKey = Buffer.from(proven.map((byte, at) => byte ^ (signature[at] ?? 0)));
    if (!timingSafeEqual(hash(clientKey), storedKey)) throw authenticationFailed();
    return `v=${hmac(serverKey, signed).toString('base64')}`;
  }
}
