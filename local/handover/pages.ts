import type { Manystore } from '@manystore/client';

/** A page as text, with a JSON object per line. */
export interface TextPage {
  text: string;
  records: number;
  /** The cursor of the next page; undefined on the last one. */
  next: string | undefined;
}

/** The only page of the products of a closed store, which has none. */
export const EMPTY_PAGE: TextPage = { text: '', records: 0, next: undefined };

/** Reads the page of a store that begins at a cursor. */
export type PageReader = (client: Manystore, store: string, cursor?: string) => Promise<TextPage>;

/** A page has at most so many products, and about 5 MB. */
const PRODUCTS_PER_PAGE = 5_000;
const RECORDS_PER_PAGE = 100;

/** Reads products in the form that import-products accepts: without ids, versions and dates. */
export const readProducts: PageReader = async (client, store, cursor) => {
  const query = {
    format: 'ndjson',
    limit: PRODUCTS_PER_PAGE,
    ...(cursor ? { cursor } : {}),
  } as const;
  const { data, response } = await client.GET('/stores/{store}/products/export', {
    params: { path: { store }, query },
  });
  const text = data && !data.endsWith('\n') ? `${data}\n` : data;
  const [, next] = /[?&]cursor=([^&>]+)/.exec(response.headers.get('link') ?? '') ?? [];
  return { text, records: linesIn(text), next: next && decodeURIComponent(next) };
};

/** Reads archived records, newest first, each with the metadata of the archive in `_archive`. */
export const readArchive: PageReader = async (client, store, cursor) => {
  const { data } = await client.GET('/stores/{store}/archive', {
    params: { path: { store }, query: { limit: RECORDS_PER_PAGE, ...(cursor ? { cursor } : {}) } },
  });
  const text = data.items.map((item) => `${JSON.stringify(item)}\n`).join('');
  return { text, records: data.items.length, next: data.next ?? undefined };
};

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
