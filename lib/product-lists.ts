import { type QueryFilter, trusted } from 'mongoose';
import type { Catalog } from './catalog.ts';
import type { ProductRecord } from './models/product.ts';
import { behindCursor, type Order, type Page, pageOf } from './page.ts';
import { present } from './products.ts';
import { retryOnce } from './retry.ts';
import type { Product, ProductQuery } from './schemas/product.ts';
import { searchFilter } from './search-terms.ts';

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
    present: (record) => present(record, store),
    positionOf: (record) => [order.valueOf(record), record._id],
  });
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
