import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { STORE_ID } from '../store-id.ts';
import { Forbidden } from './problems.ts';
import type { Scope } from './scopes.ts';
import { covers, type VisibleStores } from './visible-stores.ts';

/** Who sends a request, as the token says that API Gateway has checked. */
export interface Caller {
  /** Issuer and subject: no two callers have the same. */
  subject: string;
  scopes: ReadonlySet<string>;
  stores: VisibleStores;
}

type Claims = Readonly<Record<string, unknown>>;

/**
 * The caller of a request; undefined when no token was checked, or the token does not say whose it is.
 *
 * API Gateway's JWT authorizer hands every claim on as text, a list as `[acme globex]`; other ways to the
 * function, serverless-offline among them, hand on what stands in the token.
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
    scopes: scopesOf(claims.scope ?? claims.scp),
    stores: storesOf(claims.stores),
  };
}

export const mayDo = ({ scopes }: Caller, scope: Scope): boolean => scopes.has(scope);

/**
 * Sees that a token covers a store that is to be opened. Whether there is one already makes no difference.
 *
 * @throws {Forbidden} when it does not
 */
export function requireCover({ stores }: Caller, id: string): void {
  if (!covers(stores, id))
    throw new Forbidden(
      'The token does not cover this store id. Use a token whose `stores` claim includes it or is `*`.',
    );
}

/**
 * Sees that a token covers all stores, for what reaches all of them: what is in the head catalog is published.
 *
 * @throws {Forbidden} when it covers some
 */
export function requireAllStores({ stores }: Pick<Caller, 'stores'>): void {
  if (stores !== 'all')
    throw new Forbidden(
      'The token does not cover all stores, as a change of the head catalog requires. Use a token whose `stores` claim is `*`.',
    );
}

/**
 * Who it is: a subject, or a client that acts for itself. Those without a name would all be one caller, and get
 * the answers to each other's Idempotency-Keys; so would a subject and a client of one name.
 */
function subjectOf({ iss, sub, client_id }: Claims): string | undefined {
  const [kind, name] = sub === undefined ? ['client', client_id] : ['subject', sub];
  return typeof name === 'string' && name !== '' ? JSON.stringify([iss, kind, name]) : undefined;
}

/** A function that remembers its last answer: a caller's token comes again and again. */
function remembering<T>(read: (claim: unknown) => T): (claim: unknown) => T {
  let last: { claim: unknown; answer: T } | undefined;
  return (claim) => {
    // A list may have changed since.
    if (typeof claim !== 'string') return read(claim);
    if (last?.claim !== claim) last = { claim, answer: read(claim) };
    return last.answer;
  };
}

const scopesOf = remembering((claim): ReadonlySet<string> => new Set(wordsOf(claim)));

/** No claim, no store. `*` is all of them, and only when it stands alone; what can be no store's id is none. */
const storesOf = remembering((claim): VisibleStores => {
  const words = wordsOf(claim);
  if (words.length === 1 && words[0] === '*') return 'all';
  return [...new Set(words)].filter((word) => STORE_ID.test(word)).sort();
});

/** The words of a claim: a list, or a text with spaces between them, in brackets or not. */
function wordsOf(claim: unknown): string[] {
  if (Array.isArray(claim)) return claim.filter((word) => typeof word === 'string');
  if (typeof claim !== 'string') return [];
  const [, inner = claim] = /^\[(.*)\]$/.exec(claim) ?? [];
  return inner.split(/[\s,]+/).filter((word) => word !== '');
}
