import { serverNow } from '../connections.ts';
import type { TaskTime } from '../http/task-contract.ts';
import { openHeadCatalog } from '../products/catalog.ts';
import { nonconformityOf } from '../products/nonconforming.ts';
import type { ProductRecord } from '../products/record.ts';
import { nextScan, scanChanges } from './scan.ts';
import type { SyncResult } from './schema.ts';

const MAX_LISTED = 20;

/**
 * Collects the products whose texts do not follow the rules for new ones, while a sync reads them: for example two SKUs
 * that look alike, from before texts were normalized. They keep working; a request that changes such a text corrects it.
 */
export class Inspection {
  #count = 0;
  readonly #listed: SyncResult['nonconformities'] = [];

  /** @param store the store of the products; null for the head catalog */
  inspect(store: string | null, products: readonly ProductRecord[]): void {
    for (const product of products) {
      const reason = nonconformityOf(product);
      if (reason === undefined) continue;
      this.#count += 1;
      const { _id, sku } = product;
      if (this.#listed.length < MAX_LISTED)
        this.#listed.push({ store, id: _id.toHexString(), sku, reason });
    }
  }

  /** Returns the number of products, and the first of them. */
  result(): Pick<SyncResult, 'nonconforming' | 'nonconformities'> {
    return { nonconforming: this.#count, nonconformities: this.#listed };
  }
}

/** Inspects the products of the head catalog, which the mirror does not contain, as far as the time is sufficient. */
export async function inspectHeadCatalog(inspection: Inspection, time: TaskTime): Promise<void> {
  const { products } = await openHeadCatalog('read', time.signal);
  await scanChanges<ProductRecord>(
    {
      collection: products,
      field: 'updatedAt',
      fields: ['sku', 'name', 'category', 'tags', 'updatedAt'],
    },
    nextScan(await serverNow(time.signal)),
    {
      processPage: async (page) => inspection.inspect(null, page),
      save: async () => {},
      time,
    },
  );
}
