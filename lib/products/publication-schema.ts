import * as z from 'zod/mini';
import { storeId } from '../http/parts.ts';

const MAX_STORES = 1_000;

const named = z.array(storeId).check(
  z.minLength(1),
  z.maxLength(MAX_STORES),
  z.refine((ids) => new Set(ids).size === ids.length, {
    error: 'must not contain duplicate store ids',
  }),
);

/** The stores to publish a product to: a list of ids, or `*` for all active stores. */
export const publicationInput = z.strictObject({
  stores: z.union([z.literal('*'), named], {
    error: 'must be "*" or a list of 1 to 1000 store ids',
  }),
});

const published = z.strictObject({
  store: storeId,
  result: z.enum(['created', 'updated', 'unchanged', 'failed']),
  /** Why publishing failed. */
  reason: z.optional(z.string()),
});
export type Published = z.output<typeof published>;

/** The result for each store, in the order of the request. */
export const publication = z.strictObject({ results: z.array(published) });
