import type { Projection } from '../documents/collection.ts';
import { VersionedCollection } from '../documents/versioned-collection.ts';
import type { ProductRecord } from './record.ts';

/** Only the index of text search needs them, and they are as large as the rest of a product. */
const WITHOUT_TERMS: Projection = { terms: 0 };

/** The products of a catalog or of the mirror, without what only the server needs. */
export class ProductCollection extends VersionedCollection<ProductRecord> {
  protected override get hidden(): Projection {
    return WITHOUT_TERMS;
  }
}
