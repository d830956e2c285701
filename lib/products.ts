import { isDeepStrictEqual } from 'node:util';
import { type QueryFilter, Types, trusted } from 'mongoose';
import type { Catalog } from './catalog.ts';
import { requireMatch } from './etag.ts';
import { faultsOf } from './faults.ts';
import { mergePatch } from './merge-patch.ts';
import type { ProductRecord } from './models/product.ts';
import { takenKey } from './mongo-errors.ts';
import { behindCursor, type Order, type Page, pageOf } from './page.ts';
import { DuplicateKey, InvalidRequest, NotFound } from './problems.ts';
import { retryOnce } from './retry.ts';
import {
  type Product,
  type ProductInput,
  type ProductPatch,
  type ProductQuery,
  productInput,
} from './schemas/product.ts';
import { searchFilter, searchTerms } from './search-terms.ts';

/**
 * Adds a product to a catalog.
 *
 * @throws {DuplicateKey} when the catalog has a product with its SKU
 */
export async function insertProduct(
  { store, products }: Catalog,
  input: ProductInput,
  signal: AbortSignal,
): Promise<Product> {
  const now = new Date();
  const record: ProductRecord = {
    _id: new Types.ObjectId(),
    ...input,
    ...(store ? { store: { id: store.id, name: store.name } } : {}),
    terms: searchTerms(input),
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  try {
    await retryOnce(() => products.insertMany([record], { signal }));
  } catch (error) {
    const key = takenKey(error);
    // The _id was made above: if it is taken, the first try arrived after all, and this was the second.
    if (!key) throw error;
    if (!key.includes('_id')) throw takenSku(input.sku, error);
  }
  return present(record);
}

/**
 * The product `id` of a catalog.
 *
 * @throws {NotFound} when it is not there
 */
export async function findProduct(
  catalog: Catalog,
  id: string,
  signal: AbortSignal,
): Promise<Product> {
  return present(await readProduct(catalog, id, signal));
}

/** A page of the products that a query asks for, in its order; products that are alike there, by their age. */
export async function pageOfProducts(
  { store, products }: Catalog,
  { limit, cursor, sort, ...filter }: ProductQuery,
  signal: AbortSignal,
): Promise<Page<Product>> {
  const list = ['products', store?.id ?? null, sort, filter];
  const order = orderOf(sort);
  const conditions = [...filterConditions(filter), ...behindCursor(order, list, cursor)];
  const records = await retryOnce(() =>
    products
      .find(conditions.length > 0 ? { $and: conditions } : {}, { terms: 0 }, { signal })
      .sort({ [order.field]: order.direction, _id: order.direction })
      .limit(limit + 1)
      .lean<ProductRecord[]>(),
  );
  return pageOf(records, {
    limit,
    list,
    present,
    positionOf: (record) => [order.valueOf(record), record._id],
  });
}

/**
 * Changes a product by a merge patch. It is read, merged and checked as a whole, and written only if nobody
 * wrote in between; else it is read anew. A patch that changes nothing writes nothing.
 *
 * @param ifMatch the value of If-Match: then it is changed in that version only
 * @throws {NotFound} when it is not there
 * @throws {StaleTag} when it has another version than `ifMatch`
 * @throws {InvalidRequest} when the patch would leave a product that the schema refuses
 * @throws {DuplicateKey} when the patch gives it the SKU of another product
 */
export async function patchProduct(
  catalog: Catalog,
  { id, patch, ifMatch }: { id: string; patch: ProductPatch; ifMatch: string | undefined },
  signal: AbortSignal,
): Promise<Product> {
  // Of those who write at once, one succeeds each time round: this ends, at the latest with the deadline.
  for (;;) {
    const current = await readProduct(catalog, id, signal);
    requireMatch(ifMatch, current);
    const change = changeOf(current, merged(current, patch));
    if (!change) return present(current);
    const updated = await writeChange(catalog, current, change, signal);
    if (updated) return present(updated);
  }
}

/** @throws {NotFound} when it is not there */
export async function readProduct(
  { products }: Catalog,
  id: string,
  signal: AbortSignal,
): Promise<ProductRecord> {
  const record = await retryOnce(() =>
    products.findOne({ _id: id }, { terms: 0 }, { signal }).lean<ProductRecord>(),
  );
  if (!record) throw new NotFound('There is no such product.');
  return record;
}

/** A product as it is answered. */
export function present({ _id, terms, createdAt, updatedAt, ...rest }: ProductRecord): Product {
  return {
    id: _id.toHexString(),
    ...rest,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** What a caller can write of a product, as it is now. */
function writable(record: ProductRecord): ProductInput {
  const { sku, name, description, category, tags, price, stock, status, attributes } = record;
  return { sku, name, description, category, tags, price, stock, status, attributes };
}

function merged(current: ProductRecord, patch: ProductPatch): ProductInput {
  const result = productInput.safeParse(mergePatch(writable(current), patch));
  if (result.success) return result.data;
  throw new InvalidRequest('The product would not be valid with this change.', {
    errors: faultsOf('body', result.error),
  });
}

interface Change {
  $set: Partial<ProductRecord>;
  $unset: Record<string, 1>;
  $inc: { version: 1 };
}

/** The update that makes `next` of `current`; undefined when they are equal. */
function changeOf(current: ProductRecord, next: ProductInput): Change | undefined {
  const before = writable(current);
  const names = Object.keys(before) as (keyof ProductInput)[];
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], next[name]));
  if (changed.length === 0) return undefined;
  const isSet = (name: keyof ProductInput) => next[name] !== undefined;
  return {
    $set: {
      ...Object.fromEntries(changed.filter(isSet).map((name) => [name, next[name]])),
      terms: searchTerms(next),
    },
    $unset: Object.fromEntries(changed.filter((name) => !isSet(name)).map((name) => [name, 1])),
    $inc: { version: 1 },
  };
}

/** Writes a change of the version `current`; null when that is not the version any more. */
async function writeChange(
  { products }: Catalog,
  { _id, version }: ProductRecord,
  change: Change,
  signal: AbortSignal,
): Promise<ProductRecord | null> {
  try {
    return await retryOnce(() =>
      products
        .findOneAndUpdate({ _id, version }, change, { returnDocument: 'after', signal })
        .lean<ProductRecord>(),
    );
  } catch (error) {
    if (takenKey(error)) throw takenSku(change.$set.sku, error);
    throw error;
  }
}

const takenSku = (sku: string | undefined, cause: unknown) =>
  new DuplicateKey(`The SKU ${sku} is taken.`, {
    errors: [{ in: 'body', pointer: '/sku', reason: 'is taken by another product' }],
    extra: { key: { sku } },
    cause,
  });

interface ProductOrder extends Order {
  valueOf: (record: ProductRecord) => string | number | Date;
}

function orderOf(sort: ProductQuery['sort']): ProductOrder {
  const direction = sort.startsWith('-') ? -1 : 1;
  const name = sort.replace('-', '') as 'name' | 'price' | 'createdAt' | 'updatedAt';
  switch (name) {
    case 'name':
      return { field: name, direction, valueOf: (record) => record.name };
    case 'price':
      return { field: 'price.amount', direction, valueOf: (record) => record.price.amount };
    default:
      return { field: name, direction, valueOf: (record) => record[name] };
  }
}

type Condition = QueryFilter<ProductRecord>;

function filterConditions({
  q,
  category,
  tag,
  status,
  minPrice,
  maxPrice,
}: Omit<ProductQuery, 'limit' | 'cursor' | 'sort'>): Condition[] {
  const price = {
    ...(minPrice === undefined ? {} : { $gte: minPrice }),
    ...(maxPrice === undefined ? {} : { $lte: maxPrice }),
  };
  return [
    ...(q === undefined ? [] : searchFilter(q).map((terms) => ({ terms: trusted(terms) }))),
    ...(category === undefined ? [] : [{ category }]),
    ...(tag === undefined ? [] : [{ tags: tag }]),
    ...(status === undefined ? [] : [{ status }]),
    ...(Object.keys(price).length === 0 ? [] : [{ 'price.amount': trusted(price) }]),
  ] as Condition[];
}
