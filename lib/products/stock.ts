import { Types } from 'mongoose';
import { serverNow } from '../connections.ts';
import { CHANGED_MEANWHILE, untilUnchanged } from '../documents/until-unchanged.ts';
import { InsufficientStock, StockTooLarge } from '../http/problems.ts';
import type { StoreCatalog } from './catalog.ts';
import { noSuchProduct, productFrom } from './products.ts';
import { MAX_STOCK, type Product } from './schema.ts';

/** Identifies a product of a store. */
type ProductKey = { id: string } | { sku: string };

/**
 * Changes the stock of a product atomically, so that concurrent changes cannot take it below zero.
 *
 * Outside a transaction, it is not retried when the connection breaks, because it could be applied twice. A client that
 * must know the outcome sends an Idempotency-Key, and the change then runs in a transaction.
 *
 * @param by the number of units to add, or to remove if negative
 * @throws {NotFound} when the store has no such product
 * @throws {InsufficientStock} when the stock would go below zero
 * @throws {StockTooLarge} when the stock would exceed the maximum
 */
export function changeStock(catalog: StoreCatalog, key: ProductKey, by: number): Promise<Product> {
  const { products } = catalog;
  const product = 'id' in key ? { _id: new Types.ObjectId(key.id) } : key;
  const allowed = by < 0 ? { $gte: -by } : { $lte: MAX_STOCK - by };
  return untilUnchanged(async () => {
    // The clock of the primary also dates the products of other clusters: the mirror compares with it.
    const updatedAt = await serverNow(catalog.signal);
    const update = { $inc: { stock: by, version: 1 }, $set: { updatedAt } };
    const changed = await products.updateOnce({ ...product, stock: allowed }, update);
    if (changed) return productFrom(changed, catalog);
    const found = await products.findOne(product, { fields: ['stock'] });
    if (!found) throw noSuchProduct();
    if (found.stock + by < 0) throw new InsufficientStock(found.stock);
    if (found.stock + by > MAX_STOCK) throw new StockTooLarge(found.stock);
    // Another request changed the stock between the two steps, and the change is now allowed.
    return CHANGED_MEANWHILE;
  });
}
