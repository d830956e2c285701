import * as z from 'zod/mini';
import { health } from '#lib/health/schema.ts';
import type { Repeat } from '#lib/http/contract.ts';
import type * as problems from '#lib/http/problems.ts';
import { overview } from '#lib/reports/schema.ts';

/** What the document says about a kind of problem in addition to its class. */
export interface ProblemWords {
  /** When it is returned. */
  when: string;
  /** Its extension members. */
  extra?: Record<string, z.ZodMiniType>;
  /** The headers that are set where it is thrown, rather than by its class. */
  headers?: { always?: string[]; sometimes?: string[] };
}

/** The current stock. */
const stock = z.int().check(z.gte(0));

/** A row for each class of `lib/http/problems.ts`: a missing row does not compile. */
export const problemWords: Record<
  Exclude<keyof typeof problems, 'Problem' | 'Fault'>,
  ProblemWords
> = {
  InvalidRequest: {
    when: 'The request is malformed or does not match the operation’s schema; `errors` lists the faults. Nothing was changed.',
  },
  Unauthorized: {
    when: 'The request has no valid access token. API Gateway returns this response itself, with a `message` instead of problem details.',
  },
  Forbidden: {
    when: 'The token lacks the scope of the operation, or does not cover what the request would change.',
  },
  NotFound: {
    when: 'The resource does not exist, or the token does not cover its store. The response is the same in both cases.',
  },
  DuplicateKey: {
    when: 'The unique key in `key` is already in use: the SKU of a product, or the id of a store.',
    extra: {
      key: z.union([z.strictObject({ sku: z.string() }), z.strictObject({ id: z.string() })]),
    },
  },
  BeingOpened: {
    when: 'Another request is creating a store with the same id, and its outcome is not known yet.',
  },
  StoreNotWritable: {
    when: 'The store does not accept changes: it is suspended, closing or closed.',
  },
  DifferentClusters: {
    when: 'The stores are on different clusters. Stock can only be transferred within a cluster. Nothing was changed.',
  },
  InsufficientStock: {
    when: 'The change would take the stock below zero. `stock` is the current stock.',
    extra: { stock },
  },
  StockTooLarge: {
    when: 'The change would take the stock above the maximum. `stock` is the current stock.',
    extra: { stock },
  },
  StillRunning: {
    when: 'A request in the same store with the same `Idempotency-Key` is running, or was interrupted and its outcome is not certain yet. `Retry-After` is the time until it has ended at the latest.',
  },
  StaleTag: {
    when: '`If-Match` does not match the current version, whose entity tag is in `ETag`.',
    headers: { always: ['etag'] },
  },
  ContentTooLarge: { when: 'The request body exceeds the operation’s limit.' },
  UnsupportedMediaType: {
    when: 'The request body has no media type or an unsupported one, a charset other than UTF-8, or a content encoding.',
    headers: { sometimes: ['accept-encoding'] },
  },
  KeyReused: {
    when: 'The `Idempotency-Key` was already used for a different request in the same store.',
  },
  UnknownCluster: {
    when: 'The `cluster` of the new store does not exist; `errors` names those that do. Nothing was changed.',
  },
  Drifted: {
    when: 'The archived record does not match the current product schema; `errors` lists the faults. Nothing was changed.',
  },
  Unavailable: {
    when: 'A server that the operation needs is not responding, or the request timed out. The same request may succeed later.',
    // The results by server, for an operation that queries each of them.
    extra: {
      connections: z.optional(health.shape.connections),
      primary: z.optional(overview.shape.primary),
      secondary: z.optional(overview.shape.secondary),
      missing: z.optional(overview.shape.missing),
    },
  },
  InternalError: {
    when: 'An unexpected error on the server. Quote the request id when you report it.',
  },
};

const OUTCOME =
  '`outcome` says whether the change was made: with `not-applied`, nothing was changed; with `unknown`, the change may have been applied, completely or in part.';
const BY_GATEWAY =
  'A response of API Gateway itself, which has only a `message`, says nothing about the change: treat it as `unknown`.';

/**
 * What the document says about a 5xx of an operation that changes something, instead of the row above. For 503, it depends
 * on whether the request can be repeated without an `Idempotency-Key`.
 */
export const changeWords = {
  InternalError: {
    when: `${problemWords.InternalError.when} ${OUTCOME} ${BY_GATEWAY}`,
  },
  Unavailable: {
    safe: {
      when: `A server that the operation needs is not responding, or the request timed out. ${OUTCOME} In both cases, repeat the request: what was already applied is not applied twice. ${BY_GATEWAY}`,
    },
    'needs-key': {
      when: `A server that the operation needs is not responding, or the request timed out. ${OUTCOME} With \`not-applied\`, or if the request had an \`Idempotency-Key\`, repeat it with the same key after \`Retry-After\`. A request without a key whose outcome is \`unknown\` would be applied twice if it is repeated: read the stock first. The response then has no \`Retry-After\`. ${BY_GATEWAY}`,
    },
  },
} satisfies Record<string, ProblemWords | Record<Repeat, ProblemWords>>;
