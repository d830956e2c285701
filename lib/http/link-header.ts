import type { Page } from './page.ts';

/** The `Link` header to the next page (RFC 8288): the same request with that page's cursor. */
export function linkToNext(
  { url, query }: { url: string; query: Record<string, string | number | undefined> },
  { next }: Pick<Page<unknown>, 'next'>,
): Record<string, string> {
  if (next === null) return {};
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor: next }))
    if (value !== undefined) parameters.set(name, String(value));
  return { link: `<${url}?${parameters}>; rel="next"` };
}
