import { retryOnce } from '@manystore/connections';
import { type Model, type QueryFilter, trusted } from 'mongoose';
import { behindCursor, type Order, type Page, pageOf } from '../http/page.ts';
import type { Catalog } from './catalog.ts';
import { productFrom } from './products.ts';
import type { ProductRecord } from './record.ts';
import type { Product, ProductQuery } from './schema.ts';
import { searchFilter } from './search-terms.ts';

/** A page of the products that a query asks for, in its order; products that are alike there, by their age. */
export function pageOfProducts(
  { store, products }: Catalog,
  { limit, cursor, sort, ...filter }: ProductQuery,
  signal: AbortSignal,
): Promise<Page<Product>> {
  const list = ['products', store?.id ?? null, sort, filter];
  const present = (record: ProductRecord) => productFrom(record, store);
  return pageFrom(products, { limit, cursor, sort, filter }, { list, present }, signal);
}

/** What a page of products is made of: a query, without what it says of whose they are. */
export interface ProductList {
  limit: number;
  cursor: string | undefined;
  sort: ProductQuery['sort'];
  filter: ProductFilter;
}

/**
 * A page of the products of a model.
 *
 * @param list what its cursors are bound to: everything that decides which products there are
 * @param among conditions that do not come from the query
 */
export async function pageFrom(
  products: Model<ProductRecord>,
  query: ProductList,
  {
    list,
    among = [],
    present,
  }: { list: unknown; among?: Condition[]; present: (record: ProductRecord) => Product },
  signal: AbortSignal,
): Promise<Page<Product>> {
  const order = orderOf(query.sort);
  const records = await retryOnce(() => findProducts(products, query, { list, among }, signal));
  return pageOf(records, {
    limit: query.limit,
    list,
    present,
    positionOf: (record) => [order.valueOf(record), record._id],
  });
}

/** What a page asks the server for: one product more than it shows, to see whether there is another page. */
export function findProducts(
  products: Model<ProductRecord>,
  { limit, cursor, sort, filter }: ProductList,
  { list, among = [] }: { list: unknown; among?: Condition[] },
  signal: AbortSignal,
) {
  const order = orderOf(sort);
  const behind = behindCursor<ProductRecord>(order, list, cursor);
  const conditions = [...among, ...filterConditions(filter), ...behind];
  return products
    .find(conditions.length > 0 ? { $and: conditions } : {}, { terms: 0 }, { signal })
    .sort({ [order.field]: order.direction, _id: order.direction })
    .limit(limit + 1)
    .lean<ProductRecord[]>();
}

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
type ProductFilter = Omit<ProductQuery, 'limit' | 'cursor' | 'sort'>;

function filterConditions({
  q,
  category,
  tag,
  status,
  minPrice,
  maxPrice,
}: ProductFilter): Condition[] {
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
