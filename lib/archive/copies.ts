import type { ProductRecord } from '../products/record.ts';
import type { AdmittedStore } from '../stores/registry.ts';
import type { Archive } from './archive.ts';
import type { ArchivedRecord } from './record.ts';

/**
 * Writes copies of products to the archive, except where the archive has a newer version. A copy of the same version,
 * left by a call that crashed before it deleted the product, is written again with the current `archivedAt`. The sync
 * of the mirror finds archived products by that date, so an old date would hide the product from it.
 *
 * @param archivedAt the current time of the primary server
 */
export async function archiveCopies(
  archive: Archive,
  store: AdmittedStore | null,
  products: ProductRecord[],
  archivedAt: Date,
): Promise<void> {
  const copies = products.map((product) => archivedFrom(store, product, archivedAt));
  await archive.replaceOlder(copies, { alsoSame: true });
}

/** Converts a product to the record that the archive stores. */
function archivedFrom(
  store: AdmittedStore | null,
  { _id, ...product }: ProductRecord,
  archivedAt: Date,
): ArchivedRecord {
  return {
    _id,
    store: store?.id ?? null,
    source: 'catalog',
    version: product.version,
    archivedAt,
    document: { ...product, ...(store ? { store: { id: store.id, name: store.name } } : {}) },
  };
}
