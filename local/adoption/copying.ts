import type { mongo } from 'mongoose';
import type { ImportResult } from '#lib/products/file-schema.ts';
import type { Progress } from '../progress.ts';
import { post, type Service } from '../service.ts';
import { recordFrom } from './archive-record.ts';
import type { OldCollection, OldDatabases } from './old-databases.ts';
import { Outbox, type Parcel } from './outbox.ts';
import { type Conversion, rowFrom, unknownMembers } from './row.ts';
import type { StorePlan } from './stores.ts';
import { OUTCOMES, Tally } from './tally.ts';

export interface Copying {
  service: Service;
  old: OldDatabases;
  plan: StorePlan;
  conversion: Conversion;
  /** The store for the archived records that name no store. */
  archive: string | undefined;
  /** Whether the products are sent to the service. */
  apply: boolean;
  progress: Progress;
}

/** The key of the tally of archived records that belong to no store. */
export const NO_STORE = '';

/** The number of documents that are read at a time. */
const BATCH_SIZE = 500;
const PROGRESS_STEP = 100;

/**
 * Reads every old document once, and sends what it becomes to the service. Products go through import-products, which
 * finds them by SKU, and archived records through ingest-archive, which finds them by content. So a second call changes
 * nothing, and completes a call that was interrupted.
 *
 * Memory holds the documents of a few requests, and the SKUs of all catalogs.
 *
 * @returns a tally for each path of the API
 * @throws {Error} with a message of one line, when a document is Manystore's own, or a request fails
 */
export async function copyDocuments(copying: Copying): Promise<Map<string, Tally>> {
  const { old, plan, apply, archive, conversion, service, progress } = copying;
  const tallies = new Map<string, Tally>();
  const skus = new Map<string, Set<string>>();
  const outbox = new Outbox((path, parcel) => sendParcel(service, path, parcel, tallyOf(path)));

  function tallyOf(path: string): Tally {
    const tally = tallies.get(path) ?? new Tally();
    tallies.set(path, tally);
    return tally;
  }

  async function addProduct(path: string, document: mongo.Document): Promise<void> {
    const tally = tallyOf(path);
    const id = String(document._id);
    const row = rowFrom(document, conversion);
    if ('fault' in row) return tally.leaveOut(id, row.fault);
    const taken = skus.get(path) ?? new Set();
    skus.set(path, taken);
    if (taken.has(row.sku))
      return tally.leaveOut(
        id,
        `another document has the SKU ${row.sku}; rename one, or use --sku id`,
      );
    taken.add(row.sku);
    tally.ignore(unknownMembers(document));
    tally.accept(
      `${id} as ${row.sku}: ${row.name}, ${row.amount} ${conversion.currency} in minor units`,
    );
    if (apply) await outbox.add(path, id, row.json);
  }

  async function addRecord(path: string, document: mongo.Document): Promise<void> {
    const tally = tallyOf(path);
    const id = String(document._id);
    if (path === NO_STORE) return tally.leaveOut(id, 'names no store; choose one with --archive');
    const record = recordFrom(document);
    if ('fault' in record) return tally.leaveOut(id, record.fault);
    tally.accept(id);
    if (apply) await outbox.add(path, id, record.json);
  }

  async function each(
    collection: OldCollection | undefined,
    pathOf: (document: mongo.Document) => string,
    add: (path: string, document: mongo.Document) => Promise<void>,
  ): Promise<void> {
    if (!collection) return;
    // Among documents with the same SKU, the same one is first in every run.
    const documents = collection.products.find({}, { sort: { _id: 1 }, batchSize: BATCH_SIZE });
    let read = 0;
    for await (const document of documents) {
      requireOld(document, collection);
      const path = pathOf(document);
      tallyOf(path).from.add(`${collection.namespace} of the ${collection.server}`);
      await add(path, document);
      read += 1;
      if (read % PROGRESS_STEP === 0) progress.add(PROGRESS_STEP);
    }
    progress.add(read % PROGRESS_STEP);
  }

  await each(old.catalog, (document) => catalogPath(plan.idOfDocument(document)), addProduct);
  for (const collection of old.stores) {
    const path = catalogPath(plan.idOfDatabase(collection.store ?? ''));
    await each(collection, () => path, addProduct);
  }
  await each(
    old.archive,
    (document) => archivePath(plan.idOfDocument(document) ?? archive),
    addRecord,
  );
  await outbox.flush();
  return tallies;
}

const catalogPath = (store: string | undefined) =>
  store === undefined ? '/products' : `/stores/${store}/products`;

const archivePath = (store: string | undefined) =>
  store === undefined ? NO_STORE : `/stores/${store}/archive`;

/** @throws {Error} when a document is one of Manystore's: it would be copied from Manystore to Manystore */
function requireOld({ _id, sku, terms, version }: mongo.Document, { namespace }: OldCollection) {
  if (typeof sku === 'string' && Array.isArray(terms) && typeof version === 'number')
    throw new Error(
      `${namespace} contains products of Manystore itself, such as ${_id}. Set --from to a file with the old databases`,
    );
}

async function sendParcel(
  service: Service,
  path: string,
  { ids, texts }: Parcel,
  tally: Tally,
): Promise<void> {
  if (path.endsWith('/archive')) {
    await post(service, path, { body: `[${texts.join()}]` });
    return;
  }
  const body = texts.join('\n');
  const response = await post(service, `${path}/import`, { type: 'application/x-ndjson', body });
  const { failed, moreFailed = 0, ...counts } = (await response.json()) as ImportResult;
  for (const outcome of OUTCOMES) tally.counts[outcome] += counts[outcome];
  for (const { line, reason } of failed) tally.reject(ids[line - 1] ?? '', reason);
  for (let more = 0; more < moreFailed; more++) tally.reject('', 'rejected by the service');
}
