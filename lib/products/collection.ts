import type { Projection } from '../documents/collection.ts';
import { VersionedCollection } from '../documents/versioned-collection.ts';
import type { ProductRecord } from './record.ts';

/** Search terms are only needed by the index, and are as large as the rest of a product. */
const WITHOUT_TERMS: Projection = { terms: 0 };

/** The products of a catalog or of the mirror. Reads leave out the search terms. */
export class ProductCollection extends VersionedCollection<ProductRecord> {
  protected override get hidden(): Projection {
    return WITHOUT_TERMS;
  }
}
