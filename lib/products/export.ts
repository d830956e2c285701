import { Types } from 'mongoose';
import { openCursor, sealCursor } from '../http/cursor.ts';
import type { Catalog } from './catalog.ts';
import { writable } from './changes.ts';
import { type FileFormat, formats } from './file-formats.ts';
import type { ProductRecord } from './record.ts';
import type { ProductInput } from './schema.ts';

/** A part of a catalog as a file, and the cursor of the part after it. */
export interface ExportedPage {
  text: string;
  format: FileFormat;
  next: string | null;
}

/** So many products are read at a time: 16 MB of the largest ones. */
const READ_AT_ONCE = 250;

/**
 * A part of a catalog's products as a file that imports again without a change: what a caller can write of
 * each, by their age, as many as `limit` and a size of about 5 MB allow. A cursor serves for either format.
 *
 * @throws {InvalidRequest} when the cursor is not one of this catalog's
 */
export async function exportPage(
  { store, products }: Catalog,
  query: { format: keyof typeof formats; limit: number; cursor?: string | undefined },
): Promise<ExportedPage> {
  const { limit, cursor } = query;
  const format = formats[query.format];
  const list = ['export', store?.id ?? null];
  const behind = cursor === undefined ? {} : { _id: { $gt: idIn(openCursor(list, cursor)) } };
  const { taken, last } = await products.collect(
    behind,
    { sort: { _id: 1 }, limit: limit + 1, batchSize: READ_AT_ONCE },
    (records) => takeFitting(records, limit, format.gauge()),
  );
  return { text: format.write(taken), format, next: last ? sealCursor(list, [last]) : null };
}

const idIn = ([id]: unknown[]) => new Types.ObjectId(String(id));

/** The first products that fit into a file, one at least; with the _id of the last, if there are more. */
async function takeFitting(
  records: AsyncIterable<ProductRecord>,
  limit: number,
  fits: (product: ProductInput) => boolean,
): Promise<{ taken: ProductInput[]; last: Types.ObjectId | undefined }> {
  const taken: ProductInput[] = [];
  let last: Types.ObjectId | undefined;
  for await (const record of records) {
    const product = writable(record);
    const isFull = taken.length === limit || !fits(product);
    if (isFull && taken.length > 0) return { taken, last };
    taken.push(product);
    last = record._id;
  }
  return { taken, last: undefined };
}
