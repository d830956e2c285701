import { type QueryFilter, trusted } from 'mongoose';
import { behindCursor, type Order } from '../http/keyset.ts';
import { type Page, pageOf } from '../http/page.ts';
import type { Catalog } from './catalog.ts';
import type { ProductCollection } from './collection.ts';
import { productFrom } from './products.ts';
import type { ProductRecord } from './record.ts';
import type { Product, ProductQuery } from './schema.ts';
import { searchFilter } from './search-terms.ts';

/** Returns a page of the products that a query asks for, in its order; products that are equal there, by their age. */
export function pageOfProducts(
  { store, products }: Catalog,
  { limit, cursor, sort, ...filter }: ProductQuery,
): Promise<Page<Product>> {
  const list = ['products', store?.id ?? null, sort, filter];
  const present = (record: ProductRecord) => productFrom(record, store);
  return pageFrom(products, { limit, cursor, sort, filter }, { list, present });
}

/** What determines a page of products: a query, without the store that they belong to. */
export interface ProductList {
  limit: number;
  cursor: string | undefined;
  sort: ProductQuery['sort'];
  filter: ProductFilter;
}

/**
 * Returns a page of some products.
 *
 * @param list what its cursors are bound to: everything that determines which products there are
 * @param among conditions that do not come from the query
 */
export async function pageFrom(
  products: ProductCollection,
  query: ProductList,
  {
    list,
    among = [],
    present,
  }: { list: unknown; among?: Condition[]; present: (record: ProductRecord) => Product },
): Promise<Page<Product>> {
  const order = orderOf(query.sort);
  const { conditions, ...options } = selectionOf(query, { list, among });
  const records = await products.find(conditions, options);
  return pageOf(records, {
    limit: query.limit,
    list,
    present,
    positionOf: (record) => [order.valueOf(record), record._id],
  });
}

/** What a page asks the server for: one product more than it shows, to see whether there is another page. */
export interface Selection {
  conditions: Condition;
  sort: Record<string, 1 | -1>;
  limit: number;
}

/** Returns what a page asks the server for. */
export function selectionOf(
  { limit, cursor, sort, filter }: ProductList,
  { list, among = [] }: { list: unknown; among?: Condition[] },
): Selection {
  const order = orderOf(sort);
  const behind = behindCursor<ProductRecord>(order, list, cursor);
  const conditions = [...among, ...filterConditions(filter), ...behind];
  return {
    conditions: conditions.length > 0 ? { $and: conditions } : {},
    sort: { [order.field]: order.direction, _id: order.direction },
    limit: limit + 1,
  };
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
