import type { Types } from 'mongoose';
import type { Collection } from '../documents/collection.ts';
import { readUpTo } from '../documents/read-up-to.ts';
import type { TaskTime } from '../http/task-contract.ts';
import type { Scan, ScanProgress } from './watermark-record.ts';

/*
 * Scans the changed documents of a collection in pages, ordered by the time of the change. A scan can be interrupted
 * after any page and continued later, even if many documents changed at the same time.
 */

/**
 * Each scan starts this long before the start of the previous one. The previous scan may have missed documents that were
 * written while it ran: they are visible only when their transaction is committed, up to 29 s after they were dated.
 */
const OVERLAP_MS = 2 * 60_000;

const PAGE_SIZE = 1_000;
/** In bytes of BSON. Pages of several stores must fit into a function's memory at the same time. */
const MAX_PAGE_BYTES = 4_000_000;

/** The collection to scan, and the date field to scan by. It needs an index on the fields of `filter`, `field` and _id. */
export interface ScanSource<T extends Dated> {
  collection: Collection<T>;
  field: 'updatedAt' | 'archivedAt';
  filter?: object;
  fields?: readonly (keyof T & string)[];
}

interface Dated {
  _id: Types.ObjectId;
  updatedAt?: Date;
  archivedAt?: Date;
}

/** Returns the scan to run: the interrupted one if there is one, or else a new one, which starts `now`. */
export function nextScan(now: Date, { through = new Date(0), walk }: ScanProgress = {}): Scan {
  if (walk) return walk;
  // `through` is ahead if a server's clock was, when that scan started.
  const start = Math.min(through.getTime(), now.getTime()) - OVERLAP_MS;
  const at = new Date(Math.max(0, start));
  return { startedAt: now, at, after: null };
}

/**
 * Runs a scan: passes each page to `processPage`, and saves the position after each page except the last.
 *
 * @returns whether the scan is complete; false if there was no time for another page
 */
export async function scanChanges<T extends Dated>(
  source: ScanSource<T>,
  scan: Scan,
  {
    processPage,
    save,
    time: { hasTime },
  }: {
    processPage: (records: T[]) => Promise<void>;
    save: (scan: Scan) => Promise<void>;
    time: TaskTime;
  },
): Promise<boolean> {
  for (let position = scan; ; ) {
    const { records, isLast } = await readPage(source, position);
    if (records.length > 0) await processPage(records);
    const last = records.at(-1);
    if (isLast || !last) return true;
    position = { ...position, at: last[source.field] ?? position.at, after: last._id };
    await save(position);
    if (!hasTime()) return false;
  }
}

interface ReadPage<T> {
  records: T[];
  isLast: boolean;
}

async function readPage<T extends Dated>(
  { collection, field, filter = {}, fields }: ScanSource<T>,
  { at, after }: Scan,
): Promise<ReadPage<T>> {
  // Two queries instead of an $or, so that each reads only the index entries that it returns. An import can give
  // thousands of documents the same date.
  const parts = after
    ? [{ [field]: at, _id: { $gt: after } }, { [field]: { $gt: at } }]
    : [{ [field]: { $gte: at } }];
  const page: T[] = [];
  let bytes = 0;
  for (const part of parts) {
    const limit = PAGE_SIZE - page.length;
    const options = { sort: { [field]: 1, _id: 1 } as const, limit, batchSize: limit };
    const found = await collection.collect(
      { ...filter, ...part },
      fields ? { ...options, fields } : options,
      (records) => readUpTo(records, { count: limit, bytes: MAX_PAGE_BYTES - bytes }),
    );
    page.push(...found.documents);
    bytes += found.bytes;
    if (found.isFull) return { records: page, isLast: false };
  }
  return { records: page, isLast: true };
}
