import type { AnyOptions } from './request.ts';

type Get = (path: string, options: AnyOptions) => Promise<{ data: unknown; response: Response }>;

/**
 * Yields the pages of a list or an export, and requests a page when the one before it has been used. A list has the cursor of
 * the next page in `next`, an export in the `Link` header.
 */
export async function* pagesOf(get: Get, path: string, options: AnyOptions) {
  let cursor = options.params?.query?.cursor;
  do {
    const query = { ...options.params?.query, cursor };
    const { data, response } = await get(path, {
      ...options,
      params: { ...options.params, query },
    });
    yield data;
    cursor = typeof data === 'string' ? linkedCursor(response.headers) : (data as Page).next;
  } while (cursor);
}

/** Yields the items of all pages of a list. */
export async function* itemsOf(get: Get, path: string, options: AnyOptions) {
  for await (const page of pagesOf(get, path, options))
    for (const item of (page as Page).items) {
      options.signal?.throwIfAborted();
      yield item;
    }
}

interface Page {
  items: unknown[];
  next: string | null;
}

function linkedCursor(headers: Headers): string | undefined {
  const [, query] = /<[^>]*\?([^>]*)>;\s*rel="?next/.exec(headers.get('link') ?? '') ?? [];
  return new URLSearchParams(query).get('cursor') ?? undefined;
}
