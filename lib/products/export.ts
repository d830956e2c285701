import { Types } from 'mongoose';
import { openCursor, sealCursor } from '../http/cursor.ts';
import type { Catalog } from './catalog.ts';
import { writable } from './changes.ts';
import type { ProductCollection } from './collection.ts';
import { type FileFormat, formats } from './file-formats.ts';
import type { ProductRecord } from './record.ts';
import type { ProductInput } from './schema.ts';
import { requireProduct } from './stored.ts';

/** A page of an export as a file, and the cursor of the next page. */
export interface ExportedPage {
  text: string;
  format: FileFormat;
  next: string | null;
}

/** The number of products per batch. A batch of the largest products has 16 MB. */
const BATCH_SIZE = 250;

/**
 * Returns a page of a catalog as a file. It contains the writable fields of each product, so that importing it changes
 * nothing. Products are ordered by age. A page has at most `limit` products and about 5 MB. A cursor is valid for both
 * formats.
 *
 * @throws {InvalidRequest} when the cursor is invalid, or belongs to another list
 */
export async function exportPage(
  { store, products }: Catalog,
  query: { format: keyof typeof formats; limit: number; cursor?: string | undefined },
): Promise<ExportedPage> {
  const { limit, cursor } = query;
  const format = formats[query.format];
  const list = ['export', store?.id ?? null];
  const after = cursor === undefined ? {} : { _id: { $gt: idIn(openCursor(list, cursor)) } };
  const { exported, last } = await products.collect(
    after,
    { sort: { _id: 1 }, limit: limit + 1, batchSize: BATCH_SIZE },
    (records) => readUpTo(records, { products, limit, fits: format.gauge() }),
  );
  return { text: format.write(exported), format, next: last ? sealCursor(list, [last]) : null };
}

const idIn = ([id]: unknown[]) => new Types.ObjectId(String(id));

/** Returns the first products that fit into a file, at least one; and the _id of the last one, if there are more. */
async function readUpTo(
  records: AsyncIterable<ProductRecord>,
  {
    products,
    limit,
    fits,
  }: { products: ProductCollection; limit: number; fits: (product: ProductInput) => boolean },
): Promise<{ exported: ProductInput[]; last: Types.ObjectId | undefined }> {
  const exported: ProductInput[] = [];
  let last: Types.ObjectId | undefined;
  for await (const record of records) {
    requireProduct(record, products);
    const product = writable(record);
    const isFull = exported.length === limit || !fits(product);
    if (isFull && exported.length > 0) return { exported, last };
    exported.push(product);
    last = record._id;
  }
  return { exported, last: undefined };
}
