import { isUnavailable } from '@manystore/connections';
import { mongo, type Types } from 'mongoose';
import type * as z from 'zod/mini';
import { serverNow } from '../connections.ts';
import { breather } from '../http/breathe.ts';
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

/** Reads a merge patch that creates a product, for most patches that are valid. */
export const quickProduct = quickReader(productInput, { ignoreNulls: true });

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
 * @param options.tally receives the result of each upsert as soon as it is certain
 * @param options.expectNew whether the products probably do not exist: then they are inserted without reading them before. The
 *   index protects those that do exist, which are read then
 * @returns whether none of the products existed
 */
export async function writeUpserts(
  catalog: Catalog,
  upserts: Upsert[],
  { tally, expectNew }: { tally: ImportTally; expectNew: boolean },
): Promise<boolean> {
  const progress: Progress = { tally, sent: new Map(), areNew: true };
  await writeAll(catalog, upserts, progress, expectNew);
  return progress.areNew;
}

/** The state of some upserts. */
interface Progress {
  tally: ImportTally;
  /** The last write that was sent for a SKU, if it may have to be sent again. */
  sent: Map<string, Write>;
  /** Whether no product was found so far. */
  areNew: boolean;
}

async function writeAll(
  catalog: Catalog,
  upserts: Upsert[],
  progress: Progress,
  expectNew = false,
): Promise<void> {
  const { tally, sent } = progress;
  const pause = breather(catalog.signal);
  let open = upserts;
  let toRead = expectNew ? upserts.filter((upsert) => !isInsertable(upsert)) : upserts;
  let hasBroken = false;
  while (open.length > 0) {
    const records = await readBySku(catalog, toRead);
    if (!records) {
      const middle = Math.ceil(open.length / 2);
      await writeAll(catalog, open.slice(0, middle), progress);
      await writeAll(catalog, open.slice(middle), progress);
      return;
    }
    if (records.size > 0) progress.areNew = false;
    const now = await serverNow(catalog.signal);
    const writes: Write[] = [];
    for (const [n, upsert] of open.entries()) {
      if (n % ROWS_AT_ONCE === 0) await pause();
      const write = writeFor(upsert, records.get(upsert.sku), sent.get(upsert.sku), { now, tally });
      if (write) writes.push(write);
    }
    if (writes.length === 0) return;
    try {
      open = await send(catalog, writes, tally);
    } catch (error) {
      if (hasBroken || !isUnavailable(error)) throw error;
      hasBroken = true;
      open = writes.map(({ upsert }) => upsert);
    }
    if (open.length > 0) for (const write of writes) sent.set(write.upsert.sku, write);
    toRead = open;
  }
}

/** Whether an upsert can be inserted without reading the product first: only the index can tell that its SKU is taken. */
const isInsertable = ({ sku, whole }: Upsert): boolean =>
  whole !== undefined && storedForms(sku).length === 1;

/**
 * Returns the products by the SKU of their upsert, or undefined if they are too large to be read at once. A product may
 * have another stored form of its SKU.
 */
async function readBySku(
  { products }: Catalog,
  upserts: Upsert[],
): Promise<Map<string, ProductRecord> | undefined> {
  if (upserts.length === 0) return new Map();
  const skus = upserts.flatMap(({ sku }) => storedForms(sku));
  // A batch larger than the result makes the server close the cursor with its first response.
  const records = await products.findUpTo(
    { sku: { $in: skus } },
    {
      maxBytes: upserts.length > 1 ? MAX_READ_BYTES : Number.POSITIVE_INFINITY,
      batchSize: skus.length + 1,
    },
  );
  if (!records) return undefined;
  if (records.length === 0) return new Map();
  const bySku = new Map(records.map((record) => [record.sku, record]));
  for (const { sku } of upserts)
    for (const form of storedForms(sku)) {
      const record = bySku.get(form);
      if (record && !bySku.has(sku)) bySku.set(sku, record);
    }
  return bySku;
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
