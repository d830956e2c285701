import type { Projection } from '../documents/collection.ts';
import { VersionedCollection } from '../documents/versioned-collection.ts';
import { storedForms } from '../http/lines.ts';
import type { ProductRecord } from './record.ts';

/** Search terms are only needed by the index, and are as large as the rest of a product. */
const WITHOUT_TERMS: Projection = { terms: 0 };

/** The products of a catalog or of the mirror. Reads leave out the search terms. */
export class ProductCollection extends VersionedCollection<ProductRecord> {
  protected override get hidden(): Projection {
    return WITHOUT_TERMS;
  }

  /** Returns the product with a SKU, or else the one with another stored form of that SKU; null without either. */
  async findBySku(sku: string): Promise<ProductRecord | null> {
    for (const form of storedForms(sku)) {
      const found = await this.findOne({ sku: form });
      if (found) return found;
    }
    return null;
  }
}
