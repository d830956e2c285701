const MOST_TERMS = 100;
const LONGEST_TERM = 50;

/** The words of a text, lower-cased and without accents, each once: "Café-Tisch" gives "cafe" and "tisch". */
export function words(text: string): string[] {
  // Most texts are: then there is nothing to fold, and a quicker expression finds the same.
  if (isAscii(text)) return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  // Marks go before as well: to put a long run of them in order, as normalizing does, takes the square of its length.
  const unmarked = text.replace(/\p{M}/gu, '');
  const folded = unmarked.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return folded.match(/[\p{L}\p{N}]+/gu) ?? [];
}

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

/**
 * What text search looks through: the words of a product's SKU, name, category and tags, then those of its
 * description, at most 100 of at most 50 characters, so that a long text does not bloat the index.
 */
export function searchTerms(product: {
  sku: string;
  name: string;
  category?: string | undefined;
  tags: string[];
  description?: string | undefined;
}): string[] {
  const { sku, name, category = '', tags, description = '' } = product;
  const terms = new Set<string>();
  for (const word of words([sku, name, category, ...tags, description].join('\n'))) {
    terms.add(word.slice(0, LONGEST_TERM));
    if (terms.size === MOST_TERMS) break;
  }
  return [...terms];
}

/**
 * The filter of a search: each word of `text` must begin a term. Ranges rather than regular expressions:
 * they use the index, and there is nothing in them to escape.
 */
export function searchFilter(text: string): { $elemMatch: { $gte: string; $lt: string } }[] {
  return [...new Set(words(text))].map((word) => {
    const start = word.slice(0, LONGEST_TERM);
    return { $elemMatch: { $gte: start, $lt: `${start}\u{10FFFF}` } };
  });
}
