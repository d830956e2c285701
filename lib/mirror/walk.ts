import { mongo, type Types } from 'mongoose';
import type { Collection } from '../documents/collection.ts';
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
const MAX_PAGE_BYTES = 4_000_000;

/** A collection whose documents say when they changed; there is an index for `filter`, `field` and _id. */
export interface Changing<T extends Changed> {
  collection: Collection<T>;
  field: 'updatedAt' | 'archivedAt';
  filter?: object;
  fields?: readonly (keyof T & string)[];
}

/** A document that says when it changed. */
interface Changed {
  _id: Types.ObjectId;
  updatedAt?: Date;
  archivedAt?: Date;
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
export async function follow<T extends Changed>(
  changing: Changing<T>,
  walk: Walk,
  {
    visit,
    save,
    time: { hasTime },
  }: {
    visit: (records: T[]) => Promise<void>;
    save: (walk: Walk) => Promise<void>;
    time: TaskTime;
  },
): Promise<boolean> {
  for (let position = walk; ; ) {
    const { records, isLast } = await readPage(changing, position);
    if (records.length > 0) await visit(records);
    const last = records.at(-1);
    if (isLast || !last) return true;
    position = { ...position, at: last[changing.field] ?? position.at, after: last._id };
    await save(position);
    if (!hasTime()) return false;
  }
}

interface ReadPage<T> {
  records: T[];
  isLast: boolean;
}

async function readPage<T extends Changed>(
  { collection, field, filter = {}, fields }: Changing<T>,
  { at, after }: Walk,
): Promise<ReadPage<T>> {
  // Two queries rather than an $or: each reads no more of the index than it returns, however many documents have
  // changed at the same moment. An import writes thousands so.
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
      (records) => takeFitting(records, limit, MAX_PAGE_BYTES - bytes),
    );
    page.push(...found.records);
    bytes += found.bytes;
    if (found.isFull) return { records: page, isLast: false };
  }
  return { records: page, isLast: true };
}

/** Takes the first documents up to a number and a size. */
async function takeFitting<T extends object>(
  documents: AsyncIterable<T>,
  limit: number,
  maxBytes: number,
): Promise<{ records: T[]; bytes: number; isFull: boolean }> {
  const records: T[] = [];
  let bytes = 0;
  for await (const document of documents) {
    records.push(document);
    bytes += mongo.BSON.calculateObjectSize(document);
    if (records.length === limit || bytes >= maxBytes) return { records, bytes, isFull: true };
  }
  return { records, bytes, isFull: false };
}
