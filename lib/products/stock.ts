import { Types } from 'mongoose';
import { CHANGED_MEANWHILE, untilUnchanged } from '../documents/until-unchanged.ts';
import { InsufficientStock, StockTooLarge } from '../http/problems.ts';
import type { StoreCatalog } from './catalog.ts';
import { noSuchProduct, productFrom } from './products.ts';
import { MAX_STOCK, type Product } from './schema.ts';

/** A product of a store, by its id or by its SKU. */
type Which = { id: string } | { sku: string };

/**
 * Changes the stock of a product in one atomic step: it never goes below zero, however many do so at once.
 *
 * It is not repeated when its connection breaks, because a second run would count twice. A caller that must know the
 * outcome sends an Idempotency-Key, and the catalog is then the one of that key's transaction.
 *
 * @param by how many pieces are added; below zero, how many are taken away
 * @throws {NotFound} when the store has no such product
 * @throws {InsufficientStock} when there are fewer pieces than are taken away
 * @throws {StockTooLarge} when there would be more pieces than a stock can hold
 */
export function changeStock(
  { store, products }: StoreCatalog,
  which: Which,
  by: number,
): Promise<Product> {
  const product = 'id' in which ? { _id: new Types.ObjectId(which.id) } : which;
  const enough = by < 0 ? { $gte: -by } : { $lte: MAX_STOCK - by };
  const update = { $inc: { stock: by, version: 1 }, $set: { updatedAt: new Date() } };
  return untilUnchanged(async () => {
    const changed = await products.updateOnce({ ...product, stock: enough }, update);
    if (changed) return productFrom(changed, store);
    const found = await products.findOne(product, { fields: ['stock'] });
    if (!found) throw noSuchProduct();
    if (found.stock + by < 0) throw new InsufficientStock(found.stock);
    if (found.stock + by > MAX_STOCK) throw new StockTooLarge(found.stock);
    // Another request has made it possible between the two steps.
    return CHANGED_MEANWHILE;
  });
}
