import * as z from 'zod/mini';
import { storeId } from '../http/parts.ts';

/** The input of roll-out-indexes. */
export const rollOutInput = z.strictObject({
  /** `plan` only reports the differences; `apply` creates the missing indexes. */
  mode: z.enum(['plan', 'apply']),
  /** Continues after this store: the `next` of the previous invocation. By default, it starts with the first store. */
  after: z.optional(storeId),
  /** Whether `apply` also drops the indexes that are not in a schema. */
  drop: z._default(z.boolean(), false),
  /** The maximum number of stores, which keeps the result below Lambda's 6 MB. */
  limit: z._default(z.int().check(z.gte(1), z.lte(2_000)), 1_000),
});
export type RollOutInput = z.output<typeof rollOutInput>;

const count = z.int().check(z.gte(0));

/** A database whose indexes differ from the schemas, or did before `apply`. Indexes are listed as `products.sku_1 (unique)`. */
const place = z.strictObject({
  /** `primary`, `secondary`, or a store's database, such as `store_acme`. */
  place: z.string(),
  /** In the mode `plan`, the missing indexes; in `apply`, those that were created. */
  create: z.array(z.string()),
  /** In the mode `plan`, the indexes that are not in a schema; in `apply`, those that were dropped. */
  drop: z.array(z.string()),
  result: z.enum(['planned', 'done', 'failed']),
  /** Why it failed. */
  reason: z.optional(z.string()),
});
export type PlaceResult = z.output<typeof place>;

export const rollOutResult = z.strictObject({
  mode: z.enum(['plan', 'apply']),
  /** The number of all databases: those of the servers, and those of the open stores. */
  total: count,
  checked: count,
  /** In the mode `plan`, the number of checked databases with differences; in `apply`, of those that were changed. */
  changed: count,
  failed: count,
  /** The databases that were changed or failed. A database without differences is only counted. */
  places: z.array(place),
  /** The store to continue after; null when all stores are done. */
  next: z.nullable(storeId),
});
export type RollOutResult = z.output<typeof rollOutResult>;
