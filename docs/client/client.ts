import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './paths.ts';

/** The API, typed: each route with what it takes, what it answers, and its problems. */
export type Manystore = Client<paths>;

/**
 * A client of the API for programs in TypeScript. It is these two files, with `openapi-fetch` from npm.
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
 * @param url where the service is, without a slash at its end
 * @param token an access token, or a function that gives one for each request
 * @param fetch sends the requests, if it is not the global one
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
