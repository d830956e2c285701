import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { STORE_ID } from '../store-id.ts';
import { Forbidden } from './problems.ts';
import type { Scope } from './scopes.ts';
import { covers, type VisibleStores } from './visible-stores.ts';

/** The caller of a request, from the claims of the token that API Gateway has verified. */
export interface Caller {
  /** Identifies the caller uniquely: the issuer, and the subject or client. */
  subject: string;
  scopes: ReadonlySet<string>;
  stores: VisibleStores;
}

type Claims = Readonly<Record<string, unknown>>;

/**
 * Returns the caller of a request; undefined if no token was verified, or the token names no subject or client.
 *
 * API Gateway's JWT authorizer passes every claim as text, and a list as `[acme globex]`. Other authorizers, such as
 * that of serverless-offline, pass the claims as they are in the token.
 */
export function callerOf(event: APIGatewayProxyEventV2): Caller | undefined {
  const { authorizer } = event.requestContext as {
    authorizer?: { jwt?: { claims?: Claims; scopes?: unknown } };
  };
  const claims = authorizer?.jwt?.claims;
  const subject = claims && subjectOf(claims);
  if (!subject) return undefined;
  return {
    subject,
    scopes: scopesOf(claims),
    stores: storesOf(claims.stores),
  };
}

export const mayDo = ({ scopes }: Caller, scope: Scope): boolean => scopes.has(scope);

/**
 * Requires a token to cover the id of a store that is to be created, whether or not the store exists already.
 *
 * @throws {Forbidden} when it does not cover the id
 */
export function requireCover({ stores }: Caller, id: string): void {
  if (!covers(stores, id))
    throw new Forbidden(
      'The token does not cover this store id. Use a token whose `stores` claim includes it or is `*`.',
    );
}

/**
 * Requires a token to cover all stores. A change of the head catalog needs that, because it can be published to every
 * store, and so does the choice of a cluster, which stores share.
 *
 * @param what what requires it, in the words of the response
 * @throws {Forbidden} when it covers only some stores
 */
export function requireAllStores({ stores }: Pick<Caller, 'stores'>, what: string): void {
  if (stores !== 'all')
    throw new Forbidden(
      `The token does not cover all stores, as ${what} requires. Use a token whose \`stores\` claim is \`*\`.`,
    );
}

/**
 * Returns a unique name for the subject, or for a client that acts on its own behalf. A token without either has no
 * caller, and the two kinds are kept apart: callers that share a name would share their Idempotency-Keys.
 */
function subjectOf({ iss, sub, client_id }: Claims): string | undefined {
  const kind = sub === undefined ? 'client' : 'subject';
  const name = sub === undefined ? client_id : sub;
  return typeof name === 'string' && name !== '' ? JSON.stringify([iss, kind, name]) : undefined;
}

/** Caches the last result of a function, since a client sends the same token many times. */
function remembering<T>(read: (claim: unknown) => T): (claim: unknown) => T {
  let last: { claim: unknown; answer: T } | undefined;
  return (claim) => {
    // A list is compared by reference, and may have been changed.
    if (typeof claim !== 'string') return read(claim);
    if (last?.claim !== claim) last = { claim, answer: read(claim) };
    return last.answer;
  };
}

/**
 * Returns a hash of a caller's subject for logs: 16 hexadecimal digits (FNV-1a, 64 bits). It makes the requests of a caller
 * easy to find without the name itself, which may be an e-mail address. It is no secret: it can be tested against a guess,
 * as any hash without a key can. Node's cryptography would slow down the first response of a container.
 */
export const subjectHash = remembering((subject): string => {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(String(subject)))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
});

const setOf = remembering((claim): ReadonlySet<string> => new Set(wordsOf(claim).filter(Boolean)));

/** Returns the scopes of a token: those of `scope`, or of `scp` if `scope` names none. Issuers use one of the two. */
export function scopesOf({ scope, scp }: Claims): ReadonlySet<string> {
  const scopes = setOf(scope);
  return scopes.size > 0 ? scopes : setOf(scp);
}

/** Without a claim, no stores; `*` alone means all stores. Words that cannot be store ids are ignored. */
const storesOf = remembering((claim): VisibleStores => {
  const words = wordsOf(claim);
  if (words.length === 1 && words[0] === '*') return 'all';
  return [...new Set(words)].filter((word) => STORE_ID.test(word)).sort();
});

/**
 * Returns the words of a claim: of a list, of a list as API Gateway passes it, or of text. A list with an element that is
 * not a string has none. In `[a b]`, each space separates two elements: `[*  ]` is not a star that stands alone.
 */
function wordsOf(claim: unknown): string[] {
  if (Array.isArray(claim)) return claim.every((word) => typeof word === 'string') ? claim : [];
  if (typeof claim !== 'string') return [];
  const [, list] = /^\[(.*)\]$/.exec(claim) ?? [];
  return list === undefined ? claim.split(/[\s,]+/).filter((word) => word !== '') : list.split(' ');
}
