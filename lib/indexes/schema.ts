import * as z from 'zod/mini';
import { storeId } from '../http/parts.ts';

/** What roll-out-indexes is invoked with. */
export const rollOutInput = z.strictObject({
  /** `plan` only tells; `apply` makes what is lacking. */
  mode: z.enum(['plan', 'apply']),
  /** Goes on behind this store: the `next` of the invocation before. Without it, it begins at the beginning. */
  after: z.optional(storeId),
  /** Whether `apply` also drops the indexes that no schema has. */
  drop: z._default(z.boolean(), false),
  /** How many stores at most: so that the result stays below Lambda's 6 MB. */
  limit: z._default(z.int().check(z.gte(1), z.lte(2_000)), 1_000),
});
export type RollOutInput = z.output<typeof rollOutInput>;

const count = z.int().check(z.gte(0));

/** A database that is not as the schemas have it, or was not: indexes as `products.sku_1 (unique)`. */
const place = z.strictObject({
  /** `primary`, `secondary`, or a store's database: `store_acme`. */
  place: z.string(),
  /** What it lacks; or what was made. */
  create: z.array(z.string()),
  /** What it has too many; or what was dropped. */
  drop: z.array(z.string()),
  result: z.enum(['planned', 'done', 'failed']),
  /** Why it failed. */
  reason: z.optional(z.string()),
});
export type PlaceResult = z.output<typeof place>;

export const rollOutResult = z.strictObject({
  mode: z.enum(['plan', 'apply']),
  /** How many places there are in all: the two servers' own databases, and the stores that are open. */
  total: count,
  checked: count,
  /** How many of the checked ones are not as the schemas have them; of `apply`, which were changed. */
  changed: count,
  failed: count,
  /** Those, one by one. A place that needs nothing is only counted. */
  places: z.array(place),
  /** The store to go on behind; null when all are done. */
  next: z.nullable(storeId),
});
export type RollOutResult = z.output<typeof rollOutResult>;
