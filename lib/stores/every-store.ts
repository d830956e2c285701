import { trusted } from 'mongoose';
import { openRegistry } from './entries.ts';
import type { StoreRecord } from './record.ts';

/** The statuses of stores that are neither closing nor closed, and so keep their database. */
export const OPEN_STATUSES = ['active', 'suspended'] as const;

interface EntryQuery {
  ids?: readonly string[] | undefined;
  statuses?: readonly StoreRecord['status'][];
  /** Only entries with a greater id. */
  after?: string | undefined;
  pageSize?: number;
}

/**
 * Yields the entries of the registry in pages, ordered by id, including those of closed stores. With the default page
 * size, ten thousand entries take ten queries.
 */
export async function* everyStore(
  signal: AbortSignal,
  { ids, statuses, after = '', pageSize = 1_000 }: EntryQuery = {},
): AsyncGenerator<StoreRecord[]> {
  const registry = await openRegistry(signal);
  const status = statuses ? { status: trusted({ $in: statuses }) as never } : {};
  for (let last = after; ; ) {
    const _id = trusted({ $gt: last, ...(ids ? { $in: ids } : {}) }) as never;
    const page = await registry.find(
      { _id, ready: true, ...status },
      { sort: { _id: 1 }, limit: pageSize, batchSize: pageSize },
    );
    if (page.length > 0) yield page;
    if (page.length < pageSize) return;
    last = page.at(-1)?._id ?? '';
  }
}

/** Returns the number of stores with one of the {@link OPEN_STATUSES}. */
export async function countOpenStores(signal: AbortSignal): Promise<number> {
  const registry = await openRegistry(signal);
  const status = trusted({ $in: OPEN_STATUSES }) as never;
  return registry.count({ ready: true, status });
}
