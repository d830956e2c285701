import * as z from 'zod/mini';
import { line, newIdentifier, newLine, normalized, searchedLine } from '../http/lines.ts';
import {
  count,
  currency,
  instant,
  integerText,
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

export const MAX_TAGS = 50;
/** The texts of a product that are a line, each made with the function for its maximum length. */
const linesOf = (line: LineOf, identifier: LineOf = line) => ({
  sku: identifier(64),
  name: line(200),
  category: line(100),
  tags: z.array(line(50)).check(
    z.maxLength(MAX_TAGS),
    z.refine((list) => new Set(list).size === list.length, {
      error: 'must not contain duplicate tags',
    }),
  ),
});
type LineOf = (maximum: number) => z.ZodMiniString;

/** The texts that a request writes, and those that the database holds, which may be older than the rules for new ones. */
const { sku, name, category, tags } = linesOf(newLine, newIdentifier);
const stored = linesOf(line);
export const storedSku = stored.sku;
/** A SKU by which a request finds a product. */
export const searchedSku = searchedLine(64);

const description = text(5_000);
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

const inputOf = ({ sku, name, category, tags }: typeof stored) =>
  z.strictObject({
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

/** A product in a request. */
export const productInput = inputOf({ sku, name, category, tags });
export type ProductInput = z.output<typeof productInput>;

/** The same fields of a product in the database, whose texts may be older than the rules for those of a request. */
export const storedInput = inputOf(stored);

/** The texts of {@link productInput} that have other rules in {@link storedInput}. */
export const newTexts = z.partial(z.strictObject({ sku, name, category, tags }));

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
  sku: stored.sku,
  name: stored.name,
  description: z.optional(description),
  category: z.optional(stored.category),
  tags: stored.tags,
  price: money,
  stock,
  status,
  attributes: attributesOf(attributeValue),
  store: z.optional(z.strictObject({ id: storeId, name: line(200) })),
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
        z.overwrite(normalized),
        z.maxLength(200),
        z.refine((text) => words(text).length > 0, { error: 'must contain a letter or a digit' }),
      ),
    ),
    category: z.optional(searchedLine(100)),
    tag: z.optional(searchedLine(50)),
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
