import { type QueryFilter, trusted } from 'mongoose';
import { afterCursor, type Order } from '../http/keyset.ts';
import { storedForms } from '../http/lines.ts';
import { type Page, pageOf } from '../http/page.ts';
import type { Catalog } from './catalog.ts';
import type { ProductCollection } from './collection.ts';
import { productFrom } from './products.ts';
import type { ProductRecord } from './record.ts';
import type { Product, ProductQuery } from './schema.ts';
import { searchFilter } from './search-terms.ts';

/** Returns a page of the products that match a query, in the order of the query, and by age among equals. */
export function pageOfProducts(
  catalog: Catalog,
  { limit, cursor, sort, ...filter }: ProductQuery,
): Promise<Page<Product>> {
  const list = ['products', catalog.store?.id ?? null, sort, filter];
  const toProduct = (record: ProductRecord) => productFrom(record, catalog);
  return findPage(catalog.products, { limit, cursor, sort, filter }, { list, toProduct });
}

/** The query of a page of products, without the store that they belong to. */
export interface ProductList {
  limit: number;
  cursor: string | undefined;
  sort: ProductQuery['sort'];
  filter: ProductFilter;
}

/**
 * Returns a page of products from a catalog or from the mirror.
 *
 * @param list the list that its cursors belong to: see `sealCursor()`
 * @param restrictions conditions in addition to those of the query
 */
export async function findPage(
  products: ProductCollection,
  query: ProductList,
  {
    list,
    restrictions = [],
    toProduct,
  }: {
    list: unknown;
    restrictions?: Condition[];
    toProduct: (record: ProductRecord) => Product;
  },
): Promise<Page<Product>> {
  const order = orderOf(query.sort);
  const { conditions, ...options } = selectionOf(query, { list, restrictions });
  const records = await products.find(conditions, options);
  return pageOf(records, {
    limit: query.limit,
    list,
    toItem: toProduct,
    positionOf: (record) => [order.valueOf(record), record._id],
  });
}

/** The database query of a page. Its limit is one more than the page's, which shows whether there is another page. */
export interface Selection {
  conditions: Condition;
  sort: Record<string, 1 | -1>;
  limit: number;
}

/** Returns the database query of a page. */
export function selectionOf(
  { limit, cursor, sort, filter }: ProductList,
  { list, restrictions = [] }: { list: unknown; restrictions?: Condition[] },
): Selection {
  const order = orderOf(sort);
  const after = afterCursor<ProductRecord>(order, list, cursor);
  const conditions = [...restrictions, ...filterConditions(filter), ...after];
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

/** A condition for a text in each of the forms in which it may be stored. */
function equalTo(text: string) {
  const forms = storedForms(text);
  return forms.length === 1 ? text : trusted({ $in: forms });
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
    ...(category === undefined ? [] : [{ category: equalTo(category) }]),
    ...(tag === undefined ? [] : [{ tags: equalTo(tag) }]),
    ...(status === undefined ? [] : [{ status }]),
    ...(Object.keys(price).length === 0 ? [] : [{ 'price.amount': trusted(price) }]),
  ] as Condition[];
}
