import { isUnavailable } from '@manystore/connections';
import { mongo, type Types } from 'mongoose';
import type * as z from 'zod/mini';
import { serverNow } from '../connections.ts';
import { readUpTo } from '../documents/read-up-to.ts';
import { breathe } from '../http/breathe.ts';
import { faultsOf, inWords } from '../http/faults.ts';
import { storedForms } from '../http/lines.ts';
import { changesNothing, mergePatch } from '../http/merge-patch.ts';
import type { Catalog } from './catalog.ts';
import { changeOf, checkChanged, writable } from './changes.ts';
import { ROWS_AT_ONCE } from './file-row.ts';
import type { ImportTally } from './import-tally.ts';
import { quickReader, UNSURE } from './quick-reader.ts';
import { newRecord, type ProductRecord } from './record.ts';
import { type ProductInput, productInput } from './schema.ts';

/** A merge patch for the product with a SKU. If there is no such product, the patch creates it. */
export interface Upsert {
  line: number;
  sku: string;
  patch: object;
  /** The product that the patch creates, if it has already been validated. */
  whole?: ProductInput;
}

/** What {@link productInput} reads, for most products that are valid. */
export const quickProduct = quickReader(productInput);

/** The write of an upsert. It contains what is needed to check later whether it was applied. */
interface Write {
  upsert: Upsert;
  outcome: 'created' | 'updated';
  _id: Types.ObjectId;
  /** The version after the write. */
  version: number;
  at: Date;
  operation: mongo.AnyBulkWriteOperation;
}

/** The size up to which stored products are read at once, in bytes of BSON. In memory, they take several times as much. */
const MAX_READ_BYTES = 8_000_000;

/**
 * Creates or updates products by SKU. The products are read with one command and written with one bulk write; if they
 * are too large to be read at once, one half of the upserts is written after the other. The unique index on the SKU protects an insert from concurrent requests, and the version that was read protects an update.
 * A product that another request changed in the meantime is read and merged again, until it is written or `signal` is
 * aborted.
 *
 * If the connection breaks, the bulk write may or may not have been applied. The products are then read again, and the
 * missing writes are sent once more.
 *
 * @param upserts with distinct SKUs
 * @param tally receives the result of each upsert as soon as it is certain
 */
export async function writeUpserts(
  catalog: Catalog,
  upserts: Upsert[],
  tally: ImportTally,
): Promise<void> {
  return writeAll(catalog, upserts, tally, new Map());
}

async function writeAll(
  catalog: Catalog,
  upserts: Upsert[],
  tally: ImportTally,
  sent: Map<string, Write>,
): Promise<void> {
  let open = upserts;
  let hasBroken = false;
  while (open.length > 0) {
    const records = await readBySku(catalog, open);
    if (!records) {
      const middle = Math.ceil(open.length / 2);
      await writeAll(catalog, open.slice(0, middle), tally, sent);
      await writeAll(catalog, open.slice(middle), tally, sent);
      return;
    }
    const now = await serverNow(catalog.signal);
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

/**
 * Returns the products by the SKU of their upsert, or undefined if they are too large to be read at once. A product may
 * have another stored form of its SKU.
 */
async function readBySku(
  { products }: Catalog,
  upserts: Upsert[],
): Promise<Map<string, ProductRecord> | undefined> {
  const skus = upserts.flatMap(({ sku }) => storedForms(sku));
  // A batch larger than the result makes the server close the cursor with its first response.
  const { documents: records, isFull } = await products.collect(
    { sku: { $in: skus } },
    { batchSize: skus.length + 1 },
    (found) => readUpTo(found, { count: Number.POSITIVE_INFINITY, bytes: MAX_READ_BYTES }),
  );
  if (isFull && upserts.length > 1) return undefined;
  const bySku = new Map(records.map((record) => [record.sku, record]));
  const found = new Map<string, ProductRecord>();
  for (const { sku } of upserts)
    for (const form of storedForms(sku)) {
      const record = bySku.get(form);
      if (record && !found.has(sku)) found.set(sku, record);
    }
  return found;
}

/**
 * Returns the write that an upsert needs. If it needs none, or is invalid, its result is added to the tally.
 *
 * @param current the product that was just read, if it exists
 * @param sent the last write that was sent for it, which may have been applied although the response was lost
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
  // The insert may still be in progress. It is sent again with the same _id, so that it cannot create a second product.
  if (!current && sent?.outcome === 'created') return sent;
  const unchanged = (now: ProductRecord) => {
    tally.count(sent && isOurs && isDone(sent, now) ? 'updated' : 'unchanged');
    return undefined;
  };
  if (current && changesNothing(writable(current), patch)) return unchanged(current);
  const next = current
    ? checkChanged(writable(current), mergePatch(writable(current), patch))
    : (whole ?? check(mergePatch({}, patch)));
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

/** Returns a validated new product with its defaults, or the schema's error. */
function check(product: unknown): ProductInput | z.core.$ZodError {
  const quick = quickProduct(product);
  if (quick !== UNSURE) return quick;
  const { data, error } = productInput.safeParse(product);
  return data ?? error;
}

/** Returns whether an update was applied, if the current product already equals its result. */
const isDone = (sent: Write, current: ProductRecord): boolean =>
  current.version > sent.version ||
  (current.version === sent.version && current.updatedAt.getTime() === sent.at.getTime());

/** Sends writes. Returns the upserts whose products must be read again, because another request may have been first. */
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
  // The server returns how many updates matched, but not which. If some did not match, all are checked again.
  const updates = writes.filter(({ outcome }) => outcome === 'updated').length;
  const isOpen = ({ outcome }: Write, index: number) =>
    outcome === 'created' ? taken.has(index) : matched < updates;
  for (const [index, write] of writes.entries())
    if (!isOpen(write, index)) tally.count(write.outcome);
  return writes.filter(isOpen).map(({ upsert }) => upsert);
}
