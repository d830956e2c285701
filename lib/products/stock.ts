import { type mongo, Types } from 'mongoose';
import { InsufficientStock, StockTooLarge } from '../http/problems.ts';
import type { StoreCatalog } from './catalog.ts';
import { noSuchProduct, productFrom } from './products.ts';
import type { ProductRecord } from './record.ts';
import { LARGEST_STOCK, type Product } from './schema.ts';

/** A product of a store, by its id or by its SKU. */
type Which = { id: string } | { sku: string };

/**
 * Changes the stock of a product in one atomic step: it never goes below zero, however many do so at once.
 *
 * It is not repeated when its connection breaks, since a second run would count twice: a caller who must know
 * sends an Idempotency-Key, and the step is a part of that key's transaction.
 *
 * @param by how many pieces come; below zero, how many go
 * @param session the transaction that it belongs to, if it does
 * @throws {NotFound} when the store has no such product
 * @throws {InsufficientStock} when more would go than there are
 * @throws {StockTooLarge} when more would come than a stock can hold
 */
export async function changeStock(
  { store, products }: StoreCatalog,
  which: Which,
  by: number,
  signal: AbortSignal,
  session?: mongo.ClientSession,
): Promise<Product> {
  const product = 'id' in which ? { _id: new Types.ObjectId(which.id) } : which;
  const enough = by < 0 ? { $gte: -by } : { $lte: LARGEST_STOCK - by };
  const update = { $inc: { stock: by, version: 1 }, $set: { updatedAt: new Date() } };
  const options = { signal, ...(session ? { session } : {}) };
  // Anew each time that somebody else has made it possible between the two looks.
  for (;;) {
    const changed = await products.collection.findOneAndUpdate(
      { ...product, stock: enough },
      update,
      { ...options, returnDocument: 'after', projection: { terms: 0 } },
    );
    if (changed) return productFrom(changed as unknown as ProductRecord, store);
    const found = await products.collection.findOne(product, {
      ...options,
      projection: { stock: 1 },
    });
    if (!found) throw noSuchProduct();
    if (found.stock + by < 0) throw new InsufficientStock(found.stock);
    if (found.stock + by > LARGEST_STOCK) throw new StockTooLarge(found.stock);
  }
}
