import { isUnavailable } from '@manystore/connections';
import { mongo, type Types } from 'mongoose';
import type * as z from 'zod/mini';
import { breathe } from '../http/breathe.ts';
import { faultsOf, inWords } from '../http/faults.ts';
import { changesNothing, mergePatch } from '../http/merge-patch.ts';
import type { Catalog } from './catalog.ts';
import { changeOf, writable } from './changes.ts';
import { ROWS_AT_ONCE } from './file-row.ts';
import type { ImportTally } from './import-tally.ts';
import { quickReader, UNSURE } from './quick-reader.ts';
import { newRecord, type ProductRecord } from './record.ts';
import { type ProductInput, productInput } from './schema.ts';

/** A merge patch for the product with a SKU, which is made if it is not there. */
export interface Upsert {
  line: number;
  sku: string;
  patch: object;
  /** The product that the patch makes where there is none, if it is known already. */
  whole?: ProductInput;
}

/** What {@link productInput} reads, for most products that are valid. */
export const quickProduct = quickReader(productInput);

/** A write of an upsert. It names what it changes, so that a second look tells whether it was done. */
interface Write {
  upsert: Upsert;
  outcome: 'created' | 'updated';
  _id: Types.ObjectId;
  /** The version that it makes. */
  version: number;
  at: Date;
  operation: mongo.AnyBulkWriteOperation;
}

/**
 * Makes or changes the products with some SKUs, each of which comes once. They are read with one command and
 * written with one bulk: an insert is guarded by the unique SKU, an update by the version that was read. What
 * others wrote in between is read again, and its row laid over that, until it is done or `signal` is aborted.
 *
 * A bulk whose connection broke, also when the driver has repeated it, may have been done: another look tells,
 * and what is missing is sent once more.
 *
 * @param tally gets what became of each, as soon as that is certain
 */
export async function writeUpserts(
  catalog: Catalog,
  upserts: Upsert[],
  tally: ImportTally,
): Promise<void> {
  let open = upserts;
  let hasBroken = false;
  const sent = new Map<string, Write>();
  while (open.length > 0) {
    const records = await readBySku(catalog, open);
    const now = new Date();
    const writes: Write[] = [];
    for (const [n, upsert] of open.entries()) {
      if (n % ROWS_AT_ONCE === 0) await breathe(catalog.signal);
      const write = writeFor(upsert, records.get(upsert.sku), sent.get(upsert.sku), { now, tally });
      if (write) writes.push(write);
    }
    if (writes.length === 0) return;
    for (const write of writes) sent.set(write.upsert.sku, write);
    try {
      open = await send(catalog, writes, tally);
    } catch (error) {
      if (hasBroken || !isUnavailable(error)) throw error;
      hasBroken = true;
      open = writes.map(({ upsert }) => upsert);
    }
  }
}

async function readBySku(
  { products }: Catalog,
  upserts: Upsert[],
): Promise<Map<string, ProductRecord>> {
  const skus = upserts.map(({ sku }) => sku);
  const records = await products.findIn('sku', skus);
  return new Map(records.map((record) => [record.sku, record]));
}

/**
 * The write that an upsert needs; none when it is done, or cannot be, which the tally gets to know.
 *
 * @param current the product as it was just read, if it is there
 * @param sent what was last sent for it. It may have been done, though nobody answered so
 */
function writeFor(
  upsert: Upsert,
  current: ProductRecord | undefined,
  sent: Write | undefined,
  { now, tally }: { now: Date; tally: ImportTally },
): Write | undefined {
  const { line, sku, patch, whole } = upsert;
  const isOurs = current !== undefined && sent !== undefined && current._id.equals(sent._id);
  if (isOurs && sent.outcome === 'created') {
    tally.count('created');
    return undefined;
  }
  // One that is under way still must not become two: it is sent again as it was.
  if (!current && sent?.outcome === 'created') return sent;
  const unchanged = (now: ProductRecord) => {
    tally.count(sent && isOurs && isDone(sent, now) ? 'updated' : 'unchanged');
    return undefined;
  };
  if (current && changesNothing(writable(current), patch)) return unchanged(current);
  const next =
    current || !whole ? check(mergePatch(current ? writable(current) : {}, patch)) : whole;
  if ('issues' in next) {
    tally.fail({ line, sku, reason: inWords(faultsOf('body', next)) });
    return undefined;
  }
  if (!current) {
    const document = newRecord(next, now);
    const { _id, version } = document;
    const operation = { insertOne: { document } };
    return { upsert, outcome: 'created', _id, version, at: now, operation };
  }
  const { _id, version } = current;
  const at = isOurs && sent.version === version + 1 ? sent.at : now;
  const update = changeOf(current, next, at);
  if (!update) return unchanged(current);
  const operation = { updateOne: { filter: { _id, version }, update } };
  return { upsert, outcome: 'updated', _id, version: version + 1, at, operation };
}

/** What the schema makes of a product, or finds in it. */
function check(product: unknown): ProductInput | z.core.$ZodError {
  const quick = quickProduct(product);
  if (quick !== UNSURE) return quick;
  const { data, error } = productInput.safeParse(product);
  return data ?? error;
}

/** Whether an update was done, of a product that is as its row wants it: by us, or by others at the same time. */
const isDone = (sent: Write, current: ProductRecord): boolean =>
  current.version > sent.version ||
  (current.version === sent.version && current.updatedAt.getTime() === sent.at.getTime());

/** Sends writes, and gives the upserts of those that need another look: somebody else may have been first. */
async function send({ products }: Catalog, writes: Write[], tally: ImportTally): Promise<Upsert[]> {
  const operations = writes.map(({ operation }) => operation);
  let taken = new Set<number>();
  let matched: number;
  try {
    matched = (await products.bulkOnce(operations)).matchedCount;
  } catch (error) {
    if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
    const failed = [error.writeErrors].flat();
    if (failed.length === 0 || failed.some(({ code }) => code !== 11000)) throw error;
    taken = new Set(failed.map(({ index }) => index));
    matched = error.matchedCount;
  }
  // The server says how many updates found their version, not which: if not all did, each is looked at.
  const updates = writes.filter(({ outcome }) => outcome === 'updated').length;
  const isOpen = ({ outcome }: Write, index: number) =>
    outcome === 'created' ? taken.has(index) : matched < updates;
  for (const [index, write] of writes.entries())
    if (!isOpen(write, index)) tally.count(write.outcome);
  return writes.filter(isOpen).map(({ upsert }) => upsert);
}
