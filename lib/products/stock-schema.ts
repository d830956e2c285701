import * as z from 'zod/mini';
import { instant, objectId, storeId } from '../http/parts.ts';
import { MAX_STOCK, sku } from './schema.ts';

/** By how many pieces a stock changes: sold ones count below zero. */
export const adjustment = z.strictObject({
  by: z.int().check(
    z.gte(-MAX_STOCK),
    z.lte(MAX_STOCK),
    z.refine((by) => by !== 0, { error: 'must not be 0' }),
  ),
});

const quantity = z.int().check(z.gte(1), z.lte(MAX_STOCK));

/** Pieces of a product that go from one store to another, which both have it under the same SKU. */
export const transferInput = z.strictObject({ from: storeId, to: storeId, sku, quantity }).check(
  z.refine(({ from, to }) => from !== to, {
    error: 'must not be the same store as `from`',
    path: ['to'],
  }),
);
export type TransferInput = z.output<typeof transferInput>;

/** A transfer as it is answered. */
export const transfer = z.strictObject({
  id: objectId,
  from: storeId,
  to: storeId,
  sku,
  quantity,
  createdAt: instant,
});
export type Transfer = z.output<typeof transfer>;
