import type { ProductRecord } from '../products/record.ts';
import type { AdmittedStore } from '../stores/registry.ts';
import type { Archive } from './archive.ts';
import type { ArchivedRecord } from './record.ts';

/**
 * Writes copies of products to the archive, each unless the archive has a newer version. A copy of the same version,
 * which a call left that crashed before its second step, is written again: the product leaves the catalog at the new
 * `archivedAt`, and whoever follows the archive by that, as the mirror does, sees it.
 */
export async function keepCopies(
  archive: Archive,
  store: AdmittedStore | null,
  products: ProductRecord[],
): Promise<void> {
  const archivedAt = new Date();
  const copies = products.map((product) => archivedFrom(store, product, archivedAt));
  await archive.replaceOlder(copies, { alsoSame: true });
}

/** Returns the archived record of a product. */
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
