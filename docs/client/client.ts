import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './paths.ts';

/** A typed client: each route with its request, responses and problems. */
export type Manystore = Client<paths>;

/**
 * Creates a client of the API. It consists of the two files in this folder, and needs `openapi-fetch` from npm.
 *
 * ```ts
 * const catalog = manystore({ url: 'https://catalog.example', token: () => nextToken() });
 * const { data, error, response } = await catalog.POST('/stores/{store}/products', {
 *   params: { path: { store: 'acme' } },
 *   body: { sku: 'MUG-1', name: 'Travel Mug', price: { amount: 1999, currency: 'EUR' } },
 * });
 * if (error) throw new Error(`${error.title}: ${error.detail}`);
 * ```
 *
 * @param url the URL of the service, without a trailing slash
 * @param token an access token, or a function that returns one for each request
 * @param fetch sends the requests; the global `fetch` by default
 */
export function manystore({
  url,
  token,
  fetch = globalThis.fetch,
}: {
  url: string;
  token: string | (() => string | Promise<string>);
  fetch?: (request: Request) => Promise<Response>;
}): Manystore {
  const client = createClient<paths>({ baseUrl: url, fetch });
  client.use({
    async onRequest({ request }) {
      const current = typeof token === 'string' ? token : await token();
      request.headers.set('authorization', `Bearer ${current}`);
    },
  });
  return client;
}
