import type { Fetch } from './attempt.ts';
import { itemsOf, pagesOf } from './pages.ts';
import { type AnyOptions, prepareRequest } from './request.ts';
import { send, type Token } from './send.ts';
import type {
  Call,
  CallArguments,
  CallOptions,
  ItemOf,
  ListPath,
  OperationOf,
  PagedPath,
  PageOf,
} from './types.ts';

/** A client of the API. Its calls return successful responses, and throw all others. */
export interface Manystore {
  GET: Call<'get'>;
  POST: Call<'post'>;
  PATCH: Call<'patch'>;
  DELETE: Call<'delete'>;
  /** Iterates over the items of a list. At most one page is in memory. */
  items<P extends ListPath>(
    path: P,
    ...options: CallArguments<CallOptions<OperationOf<P, 'get'>>>
  ): AsyncGenerator<ItemOf<P>, void, undefined>;
  /** Iterates over the pages of a list or an export. */
  pages<P extends PagedPath>(
    path: P,
    ...options: CallArguments<CallOptions<OperationOf<P, 'get'>>>
  ): AsyncGenerator<PageOf<P>, void, undefined>;
}

/** The settings of a client. */
export interface ManystoreOptions {
  /** The URL of the service. */
  url: string;
  /**
   * An access token, or a function that returns one for each request. If the service rejects a token with a 401, the
   * function is called once more, with that token, so that a cache does not return it again.
   */
  token?: Token;
  /** Sends the requests; the global `fetch` by default. */
  fetch?: Fetch;
  /** The time in milliseconds after which an attempt fails; 35,000 by default, because the gateway waits for 30 s. */
  timeoutMs?: number;
  /** The number of retries after the first request, 4 by default. */
  maxRetries?: number;
  /** The delay before the first retry in milliseconds, 500 by default. It doubles with each retry. */
  retryDelayMs?: number;
  /**
   * The longest delay in milliseconds; 35,000 by default, because an interrupted request keeps its key for up to 30 s. A
   * response that asks for a longer delay is not retried.
   */
  maxRetryDelayMs?: number;
}

/**
 * Creates a client.
 *
 * ```ts
 * const client = manystore({ url: 'https://catalog.example', token: () => currentToken() });
 * for await (const product of client.items('/stores/{store}/products', {
 *   params: { path: { store: 'acme' }, query: { category: 'Tea' } },
 * }))
 *   console.log(product.name, product.price);
 * ```
 *
 * Its calls throw a `ManystoreError` for a response that is not a success, and a `NetworkError` if there is no response. They
 * retry requests whose change cannot be made twice, and each POST has an `Idempotency-Key`.
 *
 * @throws {TypeError} if `url` is not valid
 */
export function manystore({
  url,
  token,
  fetch = (input, init) => globalThis.fetch(input, init),
  timeoutMs = 35_000,
  maxRetries = 4,
  retryDelayMs = 500,
  maxRetryDelayMs = 35_000,
}: ManystoreOptions): Manystore {
  const base = new URL(url).href.replace(/\/+$/, '');
  const defaults = { fetch, token, timeoutMs, maxRetries, retryDelayMs, maxRetryDelayMs };

  const call =
    (method: string) =>
    async (path: string, options: AnyOptions = {}) => {
      const { response, text } = await send(prepareRequest(base, method, path, options), {
        ...defaults,
        timeoutMs: options.timeoutMs ?? timeoutMs,
        maxRetries: options.maxRetries ?? maxRetries,
        signal: options.signal,
      });
      return { data: dataOf(response, text), response };
    };
  const get = call('GET');
  const client = {
    GET: get,
    POST: call('POST'),
    PATCH: call('PATCH'),
    DELETE: call('DELETE'),
    items: (path: string, options: AnyOptions = {}) => itemsOf(get, path, options),
    pages: (path: string, options: AnyOptions = {}) => pagesOf(get, path, options),
  };
  // The types of the interface come from the OpenAPI document.
  return client as unknown as Manystore;
}

function dataOf(response: Response, text: string): unknown {
  if (response.status === 204) return undefined;
  const type = response.headers.get('content-type') ?? '';
  return /^application\/(?:[\w.-]+\+)?json\b/.test(type) ? JSON.parse(text) : text;
}
