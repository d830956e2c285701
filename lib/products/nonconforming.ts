import { isDeepStrictEqual } from 'node:util';
import { faultsOf, inWords } from '../http/faults.ts';
import type { ProductRecord } from './record.ts';
import { newTexts } from './schema.ts';

/**
 * Returns why a stored product's SKU, name, category or tags could not be written today: they may be older than the rules
 * for new texts, which reject or normalize those that look like another text.
 *
 * @returns undefined if they follow the rules
 */
export function nonconformityOf(
  product: Pick<ProductRecord, keyof typeof newTexts.shape>,
): string | undefined {
  const { sku, name, tags, category } = product;
  const texts = { sku, name, tags, ...(category === undefined ? {} : { category }) };
  const { data, error } = newTexts.safeParse(texts);
  if (error) return inWords(faultsOf('body', error));
  if (isDeepStrictEqual(data, texts)) return undefined;
  const changed = Object.entries(texts).filter(
    ([field, text]) => !isDeepStrictEqual(text, data[field as keyof typeof data]),
  );
  return inWords(
    changed.map(([field]) => ({ pointer: `/${field}`, reason: 'must be in Unicode form NFC' })),
  );
}
