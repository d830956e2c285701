import * as z from 'zod/mini';
import {
  count,
  currency,
  instant,
  integerText,
  line,
  objectId,
  page,
  pageOf,
  storeId,
  text,
  version,
} from '../http/parts.ts';
import { words } from './words.ts';

const MAX_AMOUNT = 1_000_000_000_000;
/** In units. */
export const MAX_STOCK = 1_000_000_000;

export const sku = line(64);
const name = line(200);
const description = text(5_000);
const category = line(100);
export const MAX_TAGS = 50;
const tags = z.array(line(50)).check(
  z.maxLength(MAX_TAGS),
  z.refine((list) => new Set(list).size === list.length, {
    error: 'must not contain duplicate tags',
  }),
);
const amount = count(MAX_AMOUNT);
/** In the currency's minor unit. */
export const money = z.strictObject({ amount, currency });
const stock = count(MAX_STOCK);
const status = z.enum(['draft', 'active']);
// The reserved names have a special meaning in mongoose and BSON.
export const attributeName = z.string().check(
  z.maxLength(64),
  z.regex(/^[^$.\p{Cc}][^.\p{Cc}]*$/u, {
    error: 'must not be empty, contain a dot or a control character, or start with a dollar sign',
  }),
  z.regex(/^(?!(?:constructor|prototype|_bsontype)$)/, {
    error: 'must not be a reserved name: constructor, prototype or _bsontype',
  }),
);
const attributeValue = text(500);
const attributesOf = <T extends z.ZodMiniType>(value: T) =>
  z.record(attributeName, value).check(
    z.refine((map) => Object.keys(map).length <= 100, {
      error: 'must have at most 100 attributes',
    }),
  );

/** A product in a request. */
export const productInput = z.strictObject({
  sku,
  name,
  description: z.optional(description),
  category: z.optional(category),
  tags: z._default(tags, []),
  price: money,
  stock: z._default(stock, 0),
  status: z._default(status, 'active'),
  attributes: z._default(attributesOf(attributeValue), {}),
});
export type ProductInput = z.output<typeof productInput>;

/** Requires a schema for each field of {@link productInput}. */
type EachField = Record<keyof ProductInput, z.ZodMiniType>;

/** A merge patch of a product (RFC 7396). Null removes an optional field. */
export const productPatch = z.strictObject({
  sku: z.optional(sku),
  name: z.optional(name),
  description: z.optional(z.nullable(description)),
  category: z.optional(z.nullable(category)),
  tags: z.optional(z.nullable(tags)),
  price: z.optional(z.strictObject({ amount: z.optional(amount), currency: z.optional(currency) })),
  stock: z.optional(stock),
  status: z.optional(status),
  attributes: z.optional(z.nullable(attributesOf(z.nullable(attributeValue)))),
} satisfies EachField);
export type ProductPatch = z.output<typeof productPatch>;

/** A product in a response. */
export const product = z.strictObject({
  id: objectId,
  sku,
  name,
  description: z.optional(description),
  category: z.optional(category),
  tags,
  price: money,
  stock,
  status,
  attributes: attributesOf(attributeValue),
  store: z.optional(z.strictObject({ id: storeId, name })),
  version,
  createdAt: instant,
  updatedAt: instant,
} satisfies EachField & Record<string, z.ZodMiniType>);
export type Product = z.output<typeof product>;

export const productPage = pageOf(product);

/** The path of the products of the head catalog, or of a store. */
export const catalogPath = z.strictObject({ store: z.optional(storeId) });

/** The path of a product in the head catalog, or in a store. */
export const productPath = z.strictObject({ store: z.optional(storeId), product: objectId });

/** The path of a product in a store, or in its archive. */
export const storeProductPath = z.strictObject({ store: storeId, product: objectId });

/** The path of a product in the head catalog. */
export const headProductPath = z.strictObject({ product: objectId });

const price = integerText({ min: 0, max: MAX_AMOUNT });

/** The query of a list of products. */
export const productQuery = z
  .strictObject({
    ...page,
    q: z.optional(
      z.string().check(
        z.maxLength(200),
        z.refine((text) => words(text).length > 0, { error: 'must contain a letter or a digit' }),
      ),
    ),
    category: z.optional(category),
    tag: z.optional(line(50)),
    status: z.optional(status),
    minPrice: z.optional(price),
    maxPrice: z.optional(price),
    sort: z._default(
      z.enum([
        ...(['name', 'price', 'createdAt', 'updatedAt'] as const),
        ...(['-name', '-price', '-createdAt', '-updatedAt'] as const),
      ]),
      'createdAt',
    ),
  })
  .check(
    z.refine(({ minPrice = 0, maxPrice = MAX_AMOUNT }) => !(minPrice > maxPrice), {
      error: 'must not be less than `minPrice`',
      path: ['maxPrice'],
    }),
  );
export type ProductQuery = z.output<typeof productQuery>;
