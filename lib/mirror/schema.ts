import * as z from 'zod/mini';
import { instant, objectId, pageOf, storeId } from '../http/parts.ts';
import { product, productQuery } from '../products/schema.ts';

/** The input of sync-mirror: the stores to sync, by default all; and whether to sync them from the start. */
export const syncInput = z.strictObject({
  stores: z.optional(z.array(storeId).check(z.minLength(1), z.maxLength(1_000))),
  from: z.optional(z.literal('start')),
});
export type SyncInput = z.output<typeof syncInput>;

export const syncResult = z.strictObject({
  /** Stores that are up to date. */
  stores: z.int(),
  /** Stores whose database was queried: the others have no mark of a change. */
  checked: z.int(),
  /** Products that were written to the mirror, and deleted from it. */
  copied: z.int(),
  removed: z.int(),
  /** Stores that failed, and stores that did not fit in the time. */
  failed: z.int(),
  remaining: z.int(),
  /** How old the mirror was before this run, in seconds: the age of its oldest store. Only of a run for all stores. */
  lagSeconds: z.optional(z.int()),
  /** The first stores that failed. */
  failures: z.array(z.strictObject({ store: storeId, reason: z.string() })),
  /** Products, among those that were read, with a text that follows an older rule: see `docs/operations.md`. */
  nonconforming: z.int(),
  /** The first of them; the store is null for a product of the head catalog. */
  nonconformities: z.array(
    z.strictObject({
      store: z.nullable(storeId),
      id: objectId,
      sku: z.string(),
      reason: z.string(),
    }),
  ),
});
export type SyncResult = z.output<typeof syncResult>;

/** The query of a list of products, with an optional store. */
export const searchQuery = z.safeExtend(productQuery, { store: z.optional(storeId) });
export type SearchQuery = z.output<typeof searchQuery>;

/** A page of mirrored products. All changes before `asOf` are included; null if no sync has completed. */
export const searchPage = z.extend(pageOf(product), { asOf: z.nullable(instant) });
export type SearchPage = z.output<typeof searchPage>;
