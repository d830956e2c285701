import { parse } from 'csv-parse/sync';
import { MongoClient } from 'mongodb';
import { newRecord } from '#lib/products/record.ts';
import type { ProductInput } from '#lib/products/schema.ts';
import { answerParent, cpuOf } from '../children.ts';
import { productRecords } from '../records.ts';

/*
 * The driver alone: one unordered bulkWrite with the very operations that an import of the file sends. Without a file, the
 * documents are made before the clock runs: nothing is read, checked or counted. With a file, it is read with JSON.parse()
 * or csv-parse, and the documents are made from it, also without a check.
 */

/** A file to read, by its media type. */
export interface Question {
  store: string;
  count: number;
  file?: { type: string; text: string };
}

const client = await MongoClient.connect(process.env.PRIMARY_CONN_STR ?? '', { maxPoolSize: 5 });

answerParent(async ({ store, count, file }: Question): Promise<number> => {
  const products = client.db(`store_${store}`).collection('products');
  const prepared = file ? undefined : operationsOf(productRecords(count));
  // As our side does.
  globalThis.gc?.();
  return cpuOf(() => {
    const operations = prepared ?? operationsOf(documentsOf(file));
    return products.bulkWrite(operations, { ordered: false });
  });
});

const operationsOf = (documents: object[]) =>
  documents.map((document) => ({ insertOne: { document } }));

function documentsOf(file: Question['file']): object[] {
  const now = new Date();
  return readerOf[file?.type ?? '']?.(file?.text ?? '').map((input) => newRecord(input, now)) ?? [];
}

const readerOf: Record<string, (text: string) => ProductInput[]> = {
  'application/json': (text) => JSON.parse(text),
  'application/x-ndjson': (text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  'text/csv': (text) => parse<Record<string, string>>(text, { columns: true }).map(productOf),
};

/** Returns the product of a record of csv-parse. An empty cell is a missing member. */
function productOf(row: Record<string, string>): ProductInput {
  const { sku = '', name = '', description, category, tags, amount, currency = '', stock } = row;
  const attributes: Record<string, string> = {};
  for (const attribute of ['color', 'size']) {
    const value = row[`attributes.${attribute}`];
    if (value) attributes[attribute] = value;
  }
  return {
    ...{ sku, name, tags: tags ? tags.split('|') : [], attributes },
    ...(description ? { description } : {}),
    ...(category ? { category } : {}),
    price: { amount: Number(amount), currency },
    stock: Number(stock),
    status: row.status === 'draft' ? 'draft' : 'active',
  };
}
