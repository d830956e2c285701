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

/** Where a product is to be published: the stores of a list, or every active one. */
export const publicationInput = z.strictObject({
  stores: z.union([z.literal('*'), named], {
    error: 'must be "*" or a list of 1 to 1000 store ids',
  }),
});

const published = z.strictObject({
  store: storeId,
  result: z.enum(['created', 'updated', 'unchanged', 'failed']),
  /** Why it failed. */
  reason: z.optional(z.string()),
});
export type Published = z.output<typeof published>;

/** What became of it in each store, in the order that was asked for. */
export const publication = z.strictObject({ results: z.array(published) });
