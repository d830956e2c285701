import type { ProductInput } from './schema.ts';
import { words } from './words.ts';

const MAX_TERMS = 100;
const MAX_TERM_LENGTH = 50;
const FEW_WORDS = 40;

/**
 * Whether text search covers each field of a product. The order is that of the terms: the description comes last,
 * because it is the longest and the number of terms is limited. The compiler requires every field, and allows true only
 * for fields with text.
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
 * Returns the search terms of a product: the distinct words of its searched fields. There are at most 100 terms of at
 * most 50 characters each, so that a long text does not bloat the index.
 */
export function searchTerms(product: Pick<ProductInput, SearchedField>): string[] {
  let text = '';
  for (const field of searchedFields) {
    const value = product[field];
    if (typeof value === 'string') text += `${value}\n`;
    else if (value) for (const each of value) text += `${each}\n`;
  }
  const all = words(text);
  const terms: string[] = [];
  // For as few words as most products have, searching the list is faster than a set.
  const seen = all.length > FEW_WORDS ? new Set<string>() : undefined;
  for (const word of all) {
    const term = word.length > MAX_TERM_LENGTH ? word.slice(0, MAX_TERM_LENGTH) : word;
    if (seen ? seen.has(term) : terms.includes(term)) continue;
    seen?.add(term);
    terms.push(term);
    if (terms.length === MAX_TERMS) break;
  }
  return terms;
}

/**
 * Returns the filter of a text search: each word of `text` must be a prefix of a term. It uses ranges instead of regular
 * expressions, because a range can use the index and needs no escaping.
 */
export function searchFilter(text: string): { $elemMatch: { $gte: string; $lt: string } }[] {
  return [...new Set(words(text))].map((word) => {
    const start = word.slice(0, MAX_TERM_LENGTH);
    return { $elemMatch: { $gte: start, $lt: `${start}\u{10FFFF}` } };
  });
}
