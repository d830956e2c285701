import { retryOnce } from '@manystore/connections';
import { mongo } from 'mongoose';
import type { TaskTime } from '../http/task-contract.ts';
import type { Trail, Walk } from './watermark-record.ts';

/*
 * Walks through what changed in a collection, in the order of its changes, in pages. A walk can be broken
 * off after any page and goes on from there, also among many that changed at the same moment.
 */

/**
 * What a walk that came to its end may have missed: what was written while it ran, dated by the clock of
 * another container, and committed only when that request ended, up to 29 s later. The next walk starts
 * this much before the start of the last one.
 */
const OVERLAP_MS = 2 * 60_000;

const PAGE_SIZE = 1_000;
/** In bytes of BSON, so that a few pages at a time fit into a function's memory. */
const LARGEST_PAGE = 4_000_000;

/** A collection whose documents say when they changed; there is an index for `filter`, `field` and _id. */
export interface Changing {
  collection: mongo.Collection;
  field: 'updatedAt' | 'archivedAt';
  filter?: mongo.Filter<mongo.Document>;
  projection?: mongo.Document;
}

/** The walk that a trail leads on with: one that was broken off, or a new one. */
export function nextWalk({ through = new Date(0), walk }: Trail = {}): Walk {
  if (walk) return walk;
  const at = new Date(Math.max(0, through.getTime() - OVERLAP_MS));
  return { startedAt: new Date(), at, after: null };
}

/**
 * Hands each page of a walk to `visit`, and after each but the last saves where it has come to.
 *
 * @returns whether it came to its end; if not, there is no time for another page
 */
export async function follow<T>(
  changing: Changing,
  walk: Walk,
  {
    visit,
    save,
    time: { signal, hasTime },
  }: {
    visit: (records: T[]) => Promise<void>;
    save: (walk: Walk) => Promise<void>;
    time: TaskTime;
  },
): Promise<boolean> {
  for (let position = walk; ; ) {
    const { records, isLast } = await retryOnce(() => readPage(changing, position, signal));
    if (records.length > 0) await visit(records as T[]);
    if (isLast) return true;
    const last = records.at(-1) as mongo.Document;
    position = { ...position, at: last[changing.field], after: last._id };
    await save(position);
    if (!hasTime()) return false;
  }
}

async function readPage(
  { collection, field, filter = {}, projection = {} }: Changing,
  { at, after }: Walk,
  signal: AbortSignal,
): Promise<{ records: mongo.Document[]; isLast: boolean }> {
  // Two queries rather than an $or: each reads no more of the index than it returns, however many have
  // changed at the same moment. An import writes thousands so.
  const parts = after
    ? [{ [field]: at, _id: { $gt: after } }, { [field]: { $gt: at } }]
    : [{ [field]: { $gte: at } }];
  const records: mongo.Document[] = [];
  let bytes = 0;
  for (const part of parts) {
    const limit = PAGE_SIZE - records.length;
    const cursor = collection.find(
      { ...filter, ...part },
      { projection, sort: { [field]: 1, _id: 1 }, limit, batchSize: limit, signal },
    );
    for await (const record of cursor) {
      records.push(record);
      bytes += mongo.BSON.calculateObjectSize(record);
      if (records.length === PAGE_SIZE || bytes >= LARGEST_PAGE) return { records, isLast: false };
    }
  }
  return { records, isLast: true };
}
