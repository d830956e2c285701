import * as z from 'zod/mini';
import { instant, objectId, storeId } from '../http/parts.ts';
import { MAX_STOCK, searchedSku, storedSku } from './schema.ts';

/** A change of a stock in units; negative to decrease it. */
export const adjustment = z.strictObject({
  by: z.int().check(
    z.gte(-MAX_STOCK),
    z.lte(MAX_STOCK),
    z.refine((by) => by !== 0, { error: 'must not be 0' }),
  ),
});

const quantity = z.int().check(z.gte(1), z.lte(MAX_STOCK));

/** A transfer of units of a product from one store to another. Both stores have a product with the SKU. */
export const transferInput = z
  .strictObject({ from: storeId, to: storeId, sku: searchedSku, quantity })
  .check(
    z.refine(({ from, to }) => from !== to, {
      error: 'must not be the same store as `from`',
      path: ['to'],
    }),
  );
export type TransferInput = z.output<typeof transferInput>;

/** A transfer in a response. */
export const transfer = z.strictObject({
  id: objectId,
  from: storeId,
  to: storeId,
  sku: storedSku,
  quantity,
  createdAt: instant,
});
export type Transfer = z.output<typeof transfer>;
