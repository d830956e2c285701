import type { ProductInput } from './schema.ts';
import { words } from './words.ts';

const MAX_TERMS = 100;
const MAX_TERM_LENGTH = 50;

/**
 * Which fields of a product text search covers, in the order in which their words become terms. The description
 * comes last, because it is the longest and the number of terms is limited. A field that is not listed does not
 * compile, nor does one that is searched and holds no text.
 */
const SEARCHED = {
  sku: true,
  name: true,
  category: true,
  tags: true,
  description: true,
  price: false,
  stock: false,
  status: false,
  attributes: false,
} as const satisfies {
  [Field in keyof ProductInput]-?: ProductInput[Field] extends string | string[] | undefined
    ? boolean
    : false;
};

type SearchedField = {
  [Field in keyof typeof SEARCHED]: (typeof SEARCHED)[Field] extends true ? Field : never;
}[keyof typeof SEARCHED];

const fields = Object.keys(SEARCHED) as (keyof typeof SEARCHED)[];
const searchedFields = fields.filter((field): field is SearchedField => SEARCHED[field]);

/**
 * The terms that text search looks through: the words of a product's searched fields, each once, at most 100 of at
 * most 50 characters, so that a long text does not bloat the index.
 */
export function searchTerms(product: Pick<ProductInput, SearchedField>): string[] {
  const texts: string[] = [];
  for (const field of searchedFields) {
    const value = product[field];
    if (typeof value === 'string') texts.push(value);
    else if (value) texts.push(...value);
  }
  const terms = new Set<string>();
  for (const word of words(texts.join('\n'))) {
    terms.add(word.slice(0, MAX_TERM_LENGTH));
    if (terms.size === MAX_TERMS) break;
  }
  return [...terms];
}

/**
 * The filter of a text search: each word of `text` must be the beginning of a term. It consists of ranges rather
 * than regular expressions: a range uses the index, and needs no escaping.
 */
export function searchFilter(text: string): { $elemMatch: { $gte: string; $lt: string } }[] {
  return [...new Set(words(text))].map((word) => {
    const start = word.slice(0, MAX_TERM_LENGTH);
    return { $elemMatch: { $gte: start, $lt: `${start}\u{10FFFF}` } };
  });
}
