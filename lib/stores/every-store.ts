import { trusted } from 'mongoose';
import { openRegistry } from './entries.ts';
import type { StoreRecord } from './record.ts';

/** The statuses of stores whose database is there to stay: one that is being closed is about to lose it. */
export const OPEN = ['active', 'suspended'] as const;

/** Which of the stores, and how many entries a page has. */
interface Which {
  ids?: readonly string[] | undefined;
  statuses?: readonly StoreRecord['status'][];
  /** The id behind which to begin. */
  behind?: string | undefined;
  pageSize?: number;
}

/**
 * The entries of all stores that were ever opened, closed ones too, by id, in pages: for what goes through
 * the registry. Ten thousand entries are ten queries.
 */
export async function* everyStore(
  signal: AbortSignal,
  { ids, statuses, behind = '', pageSize = 1_000 }: Which = {},
): AsyncGenerator<StoreRecord[]> {
  const registry = await openRegistry(signal);
  const status = statuses ? { status: trusted({ $in: statuses }) as never } : {};
  for (let last = behind; ; ) {
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

/** Returns the number of stores that are open: the stores with a status of {@link OPEN}. */
export async function openStoreCount(signal: AbortSignal): Promise<number> {
  const registry = await openRegistry(signal);
  const status = trusted({ $in: OPEN }) as never;
  return registry.count({ ready: true, status });
}
