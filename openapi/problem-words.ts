import * as z from 'zod/mini';
import { health } from '#lib/health/schema.ts';
import type * as problems from '#lib/http/problems.ts';
import { overview } from '#lib/reports/schema.ts';

/** What a class of problems does not say of itself. */
export interface Told {
  /** When it is answered. */
  when: string;
  /** Its members besides those of every problem. */
  extra?: Record<string, z.ZodMiniType>;
  /** Headers that who throws it gives it. */
  headers?: { always?: string[]; sometimes?: string[] };
}

/** How many pieces there are. */
const stock = z.int().check(z.gte(0));

/** Each class of `lib/http/problems.ts`: one without a row does not compile. */
export const told: Record<Exclude<keyof typeof problems, 'Problem' | 'Fault'>, Told> = {
  InvalidRequest: {
    when: 'The request is malformed, or not as the operation takes it: `errors` says where. Nothing was looked up or changed.',
  },
  Unauthorized: {
    when: 'There is no valid access token. API Gateway answers this itself, with a message that is no problem document.',
  },
  Forbidden: {
    when: 'The token has not the scope of the operation, or does not cover what it would change.',
  },
  NotFound: {
    when: 'There is no such resource, or none that the token lets its bearer see: the two answers are the same.',
  },
  DuplicateKey: {
    when: 'A unique key is taken, which `key` names: the SKU of a product, or the id of a store.',
    extra: {
      key: z.union([z.strictObject({ sku: z.string() }), z.strictObject({ id: z.string() })]),
    },
  },
  BeingOpened: {
    when: 'Another request opens a store of that id at the same time. Whether it succeeds is not known yet.',
  },
  StoreNotWritable: { when: 'The store takes no changes: it is suspended, closing or closed.' },
  InsufficientStock: {
    when: 'More pieces would leave the stock than there are. `stock` says how many there are.',
    extra: { stock },
  },
  StockTooLarge: {
    when: 'More pieces would come than a stock can hold. `stock` says how many there are already.',
    extra: { stock },
  },
  StillRunning: {
    when: 'A request with the same `Idempotency-Key` is running, or was cut off a moment ago.',
  },
  StaleTag: {
    when: '`If-Match` names another version than the current one, whose tag is in `ETag`.',
    headers: { always: ['etag'] },
  },
  ContentTooLarge: { when: 'The body has more bytes than the operation takes.' },
  UnsupportedMediaType: {
    when: 'The body has no content type, one that the operation does not read, another charset than UTF-8, or a content encoding.',
    headers: { sometimes: ['accept-encoding'] },
  },
  KeyReused: { when: 'The `Idempotency-Key` was used for another request.' },
  Drifted: {
    when: "The record is not a product as today's schema has it: `errors` says why. Nothing was changed.",
  },
  Unavailable: {
    when: 'A server that the operation needs is away, or the time was up. The same request may succeed later.',
    // What the servers answered, where an operation asks each of them.
    extra: {
      connections: z.optional(health.shape.connections),
      primary: z.optional(overview.shape.primary),
      secondary: z.optional(overview.shape.secondary),
      missing: z.optional(overview.shape.missing),
    },
  },
  InternalError: {
    when: 'Something went wrong that is not the caller’s doing. The id of the request helps to find out what.',
  },
};
