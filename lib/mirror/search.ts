import { retryOnce } from '@manystore/connections';
import { type Model, trusted } from 'mongoose';
import { secondary } from '../connections.ts';
import { narrowedTo, type VisibleStores, visibleIn } from '../http/visible-stores.ts';
import { pageFrom } from '../products/lists.ts';
import { productFrom } from '../products/products.ts';
import type { ProductRecord } from '../products/record.ts';
import { mirrorOn } from './record.ts';
import type { SearchPage, SearchQuery } from './schema.ts';
import { type WatermarkRecord, watermarksOn } from './watermark-record.ts';

/**
 * A page of the products of all stores that the caller may see, or of one of them, as the mirror has them.
 * The primary is not asked, so this works while it is away.
 */
export async function pageOfSearch(
  { store, limit, cursor, sort, ...filter }: SearchQuery,
  visible: VisibleStores,
  signal: AbortSignal,
): Promise<SearchPage> {
  const stores = narrowedTo(visible, store);
  const condition = visibleIn(stores);
  const among = condition === undefined ? [] : [{ 'store.id': trusted(condition) }];
  const connection = await secondary(signal);
  const mirror = mirrorOn(connection) as Model<ProductRecord>;
  const [page, asOf] = await Promise.all([
    pageFrom(
      mirror,
      { limit, cursor, sort, filter },
      {
        list: ['search', stores, sort, filter],
        among: among as never[],
        present: (record) => productFrom(record, null),
      },
      signal,
    ),
    oldestSync(watermarksOn(connection), stores, signal),
  ]);
  return { ...page, asOf: asOf?.toISOString() ?? null };
}

/** When the last sync of these stores began, of the one where that is longest ago; undefined when none was synced. */
async function oldestSync(
  watermarks: Model<WatermarkRecord>,
  stores: VisibleStores,
  signal: AbortSignal,
): Promise<Date | undefined> {
  const ids = visibleIn(stores);
  const filter = {
    closed: false,
    syncedAt: trusted({ $gt: new Date(0) }),
    ...(ids === undefined ? {} : { _id: trusted(ids) }),
  };
  const oldest = await retryOnce(() =>
    watermarks
      .findOne(filter as never, { syncedAt: 1 }, { signal })
      .sort({ syncedAt: 1 })
      .read('secondaryPreferred')
      .lean<WatermarkRecord>(),
  );
  return oldest?.syncedAt ?? undefined;
}
