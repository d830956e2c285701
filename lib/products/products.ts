import { duplicateKeyFields } from '@manystore/connections';
import { Types, trusted } from 'mongoose';
import { serverNow } from '../connections.ts';
import { storedForms } from '../http/lines.ts';
import { DuplicateKey, NotFound } from '../http/problems.ts';
import type { Catalog } from './catalog.ts';
import type { ProductCollection } from './collection.ts';
import { newRecord, type ProductRecord } from './record.ts';
import type { Product, ProductInput } from './schema.ts';
import { requireProduct } from './stored.ts';

/**
 * Adds a product to a catalog.
 *
 * @throws {DuplicateKey} when the catalog has a product with its SKU
 */
export async function insertProduct(catalog: Catalog, input: ProductInput): Promise<Product> {
  const record = newRecord(input, await serverNow(catalog.signal));
  // The _id is new. If it is already in use, this was a retry, and the first attempt had succeeded.
  await insertRecord(catalog, record);
  return productFrom(record, catalog);
}

/**
 * Inserts a product, unless its _id is already in use.
 *
 * @returns whether it was written
 * @throws {DuplicateKey} when the catalog has another product with its SKU
 */
export async function insertRecord(
  { products }: Pick<Catalog, 'products'>,
  record: ProductRecord,
): Promise<boolean> {
  await requireNoOtherForm(products, record);
  try {
    await products.insertOne(record);
    return true;
  } catch (error) {
    const key = duplicateKeyFields(error);
    if (!key) throw error;
    if (!key.includes('_id')) throw takenSku(record.sku, error);
    return false;
  }
}

/**
 * Replaces a product that still has the version of `current`.
 *
 * @returns whether it was replaced
 * @throws {DuplicateKey} when the catalog has another product with its SKU
 */
export async function replaceRecord(
  { products }: Pick<Catalog, 'products'>,
  current: ProductRecord,
  { _id, ...record }: ProductRecord,
): Promise<boolean> {
  await requireNoOtherForm(products, { _id, sku: record.sku });
  try {
    return await products.replaceIfVersion(current, record);
  } catch (error) {
    if (duplicateKeyFields(error)) throw takenSku(record.sku, error);
    throw error;
  }
}

/**
 * Requires that no other product has the SKU in another stored form, which the unique index does not see as the same.
 *
 * @throws {DuplicateKey} when another product has it
 */
export async function requireNoOtherForm(
  products: ProductCollection,
  { _id, sku }: Pick<ProductRecord, '_id' | 'sku'>,
): Promise<void> {
  const forms = storedForms(sku).slice(1);
  if (forms.length === 0) return;
  const others = { sku: trusted({ $in: forms }), _id: trusted({ $ne: _id }) };
  if (await products.findOne(others as never, { fields: ['sku'] })) throw takenSku(sku);
}

/**
 * Returns the product `id` of a catalog.
 *
 * @throws {NotFound} when there is no such product
 */
export async function findProduct(catalog: Catalog, id: string): Promise<Product> {
  return productFrom(await readProduct(catalog, id), catalog);
}

/**
 * Returns the record of the product `id`.
 *
 * @throws {NotFound} when there is no such product
 */
export async function readProduct(catalog: Catalog, id: string): Promise<ProductRecord> {
  const record = await findRecord(catalog, id);
  if (!record) throw noSuchProduct();
  return record;
}

/** Returns the record of the product `id`; null when there is no such product. */
export const findRecord = ({ products }: Catalog, id: string): Promise<ProductRecord | null> =>
  products.findById(new Types.ObjectId(id));

/**
 * Converts a record to the product in a response. The return type requires every field of {@link Product}.
 *
 * @param catalog.store the store that the product belongs to. Records in a store's database do not contain it, so that
 *   renaming a store does not require updating its products
 * @param catalog.products the collection that the record was read from or written to
 * @throws {InvalidRecord} when the record is a document that another program has written, and not a product
 */
export function productFrom(
  record: ProductRecord,
  { store, products }: Pick<Catalog, 'store' | 'products'>,
): { [Field in keyof Required<Product>]: Product[Field] } {
  requireProduct(record, products);
  return {
    id: record._id.toHexString(),
    sku: record.sku,
    name: record.name,
    description: record.description,
    category: record.category,
    tags: record.tags,
    price: record.price,
    stock: record.stock,
    status: record.status,
    attributes: record.attributes,
    version: record.version,
    store: store ? { id: store.id, name: store.name } : record.store,
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
  };
}

export const noSuchProduct = () => new NotFound('The product does not exist.');

/** Returns the problem for a product whose SKU is already used by another product of its catalog. */
export const takenSku = (sku: string | undefined, cause?: unknown) =>
  new DuplicateKey(`The SKU ${sku} is already in use. Choose another SKU.`, {
    errors: [{ in: 'body', pointer: '/sku', reason: 'is already used by another product' }],
    extra: { key: { sku } },
    cause,
  });
