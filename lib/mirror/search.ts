import { type Model, trusted } from 'mongoose';
import { secondary } from '../connections.ts';
import { narrowedTo, type VisibleStores, visibleIn } from '../http/visible-stores.ts';
import { ProductCollection } from '../products/collection.ts';
import { findPage } from '../products/lists.ts';
import { productFrom } from '../products/products.ts';
import type { ProductRecord } from '../products/record.ts';
import { mirrorOn } from './record.ts';
import type { SearchPage, SearchQuery } from './schema.ts';
import { watermarksOn } from './watermark-record.ts';
import { Watermarks } from './watermarks.ts';

/**
 * Returns a page of mirrored products, of all stores that the caller may see or of one of them. It reads only from the
 * secondary, so search works while the primary is unavailable.
 */
export async function pageOfSearch(
  { store, limit, cursor, sort, ...filter }: SearchQuery,
  visible: VisibleStores,
  signal: AbortSignal,
): Promise<SearchPage> {
  const stores = narrowedTo(visible, store);
  const condition = visibleIn(stores);
  const restrictions = condition === undefined ? [] : [{ 'store.id': trusted(condition) }];
  const connection = await secondary(signal);
  const model = mirrorOn(connection) as Model<ProductRecord>;
  const products = new ProductCollection(model, signal);
  const [page, asOf] = await Promise.all([
    findPage(
      products,
      { limit, cursor, sort, filter },
      {
        list: ['search', stores, sort, filter],
        restrictions: restrictions as never[],
        toProduct: (record) => productFrom(record, { store: null, products }),
      },
    ),
    oldestSync(new Watermarks(watermarksOn(connection), signal), stores),
  ]);
  return { ...page, asOf: asOf?.toISOString() ?? null };
}

/** Returns the start of the last sync of the store that was synced least recently; undefined if none was synced. */
async function oldestSync(
  watermarks: Watermarks,
  stores: VisibleStores,
): Promise<Date | undefined> {
  const ids = visibleIn(stores);
  const conditions = {
    closed: false,
    syncedAt: trusted({ $gt: new Date(0) }),
    ...(ids === undefined ? {} : { _id: trusted(ids) }),
  };
  const oldest = await watermarks.findOne(conditions as never, {
    fields: ['syncedAt'],
    sort: { syncedAt: 1 },
    readPreference: 'secondaryPreferred',
  });
  return oldest?.syncedAt ?? undefined;
}
