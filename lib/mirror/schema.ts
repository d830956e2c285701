import * as z from 'zod/mini';
import { instant, pageOf, storeId } from '../http/parts.ts';
import { product, productQuery } from '../products/schema.ts';

/** What sync-mirror is invoked with: which stores, if not all of them; and whether to begin from the start. */
export const syncInput = z.strictObject({
  stores: z.optional(z.array(storeId).check(z.minLength(1), z.maxLength(1_000))),
  from: z.optional(z.literal('start')),
});
export type SyncInput = z.output<typeof syncInput>;

export const syncResult = z.strictObject({
  /** Those that are up to date. */
  stores: z.int(),
  /** Products that were written, and that left. */
  copied: z.int(),
  removed: z.int(),
  /** Stores that failed, and those for which there was no time. */
  failed: z.int(),
  remaining: z.int(),
  /** The first of those that failed. */
  failures: z.array(z.strictObject({ store: storeId, reason: z.string() })),
});
export type SyncResult = z.output<typeof syncResult>;

/** The query of a list of products, and whose. */
export const searchQuery = z.safeExtend(productQuery, { store: z.optional(storeId) });
export type SearchQuery = z.output<typeof searchQuery>;

/** A page of what the mirror has; `asOf` is how old it is at most, null when nothing was mirrored yet. */
export const searchPage = z.extend(pageOf(product), { asOf: z.nullable(instant) });
export type SearchPage = z.output<typeof searchPage>;
