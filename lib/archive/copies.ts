import { duplicateKeyFields, retryOnce } from '@manystore/connections';
import { trusted } from 'mongoose';
import type { ProductRecord } from '../products/record.ts';
import type { AdmittedStore } from '../stores/registry.ts';
import type { Archive } from './archive.ts';
import type { ArchivedRecord } from './record.ts';

/*
 * The archive's copies of products, on their way there and back. A copy has the version of the product when it
 * was made, and only ever gives way to a newer one, or to the product itself when that is newer.
 */

/**
 * Writes products into the archive, each unless that has it in a newer version. What it has in this one, of a
 * call that crashed before its second step, is written anew: by `archivedAt`, it leaves the catalog now, and
 * who follows the archive, as the mirror does, sees that.
 */
export async function keepCopies(
  archive: Archive,
  store: AdmittedStore | null,
  products: ProductRecord[],
  signal: AbortSignal,
): Promise<void> {
  const archivedAt = new Date();
  let missing = products;
  for (;;) {
    const writes = missing.map((product) => ({
      replaceOne: {
        filter: { _id: product._id, version: { $lte: product.version } },
        replacement: archivedFrom(store, product, archivedAt),
        upsert: true,
      },
    }));
    try {
      await retryOnce(() => archive.collection.bulkWrite(writes, { ordered: false, signal }));
      return;
    } catch (error) {
      if (!duplicateKeyFields(error)) throw error;
    }
    // Nothing was there to replace, and then the _id was taken: by a newer version, or by one that another
    // call wrote just then. If that is an older one, the next round replaces it.
    missing = await missingIn(archive, missing, signal);
    if (missing.length === 0) return;
  }
}

function archivedFrom(
  store: AdmittedStore | null,
  { _id, ...product }: ProductRecord,
  archivedAt: Date,
): Omit<ArchivedRecord, '_id'> {
  return {
    store: store?.id ?? null,
    source: 'catalog',
    version: product.version,
    archivedAt,
    document: { ...product, ...(store ? { store: { id: store.id, name: store.name } } : {}) },
  };
}

/** The products that the archive has neither in their version nor in a newer one. */
async function missingIn(
  archive: Archive,
  products: ProductRecord[],
  signal: AbortSignal,
): Promise<ProductRecord[]> {
  const filter = { _id: trusted({ $in: products.map(({ _id }) => _id) }) };
  const copies = await retryOnce(() => archive.find(filter, { version: 1 }, { signal }).lean());
  const versions = new Map(copies.map(({ _id, version }) => [_id.toHexString(), version]));
  return products.filter(({ _id, version }) => (versions.get(_id.toHexString()) ?? 0) < version);
}

/**
 * Takes what the archive has of a version that its catalog has replaced out of it. Not of the current one:
 * another call may have deleted the product since it was read, and that copy is then all there is.
 */
export async function discardOlderCopy(
  archive: Archive,
  { _id, version }: Pick<ProductRecord, '_id' | 'version'>,
  signal: AbortSignal,
): Promise<void> {
  const filter = { _id, version: trusted({ $lt: version }) };
  await retryOnce(() => archive.deleteOne(filter, { signal }));
}
