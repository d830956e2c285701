import { setTimeout as pause } from 'node:timers/promises';
import { type Manystore, ManystoreError } from '@manystore/client';
import { type Check, Unexpected } from './checks.ts';
import type { Setting } from './setting.ts';

/** The maximum number of requests that close a store. After each, it waits as long as the service asks. */
const MAX_REQUESTS = 10;

/**
 * Checks that remove what a smoke test made, also after it was interrupted. They do not rely on what an earlier check
 * reported: the response to a request that created something may have been lost.
 *
 * @param client retries its requests
 */
export const cleanup = (
  { stores, skus, made }: Setting,
  client: Manystore,
  print: (line: string) => void,
): Check[] => [
  {
    subject: 'archive-product',
    title: 'removes the draft from the head catalog',
    async run() {
      for (const product of made.headProduct
        ? [made.headProduct.id]
        : await find(client, skus.head))
        await unlessMissing(
          client.DELETE('/products/{product}', { params: { path: { product } } }),
        );
    },
  },
  {
    subject: 'close-store',
    title: 'closes both stores',
    async run() {
      print('      close-store waits until no request can still write, usually 35 s');
      const closed = await Promise.allSettled(
        Object.values(stores).map((store) => close(client, store)),
      );
      const errors = closed.flatMap((it) => (it.status === 'rejected' ? [it.reason.message] : []));
      if (errors.length > 0) throw new Unexpected(errors.join('; '));
    },
  },
];

/** Returns the ids of the products of the head catalog with a SKU. */
async function find(client: Manystore, sku: string): Promise<string[]> {
  const { data } = await client.GET('/products', { params: { query: { q: sku } } });
  return data.items.filter((it) => it.sku === sku).map(({ id }) => id);
}

async function close(client: Manystore, store: string): Promise<void> {
  const params = { path: { store } };
  for (let requests = 0; requests < MAX_REQUESTS; requests++) {
    const result = await unlessMissing(client.DELETE('/stores/{store}', { params }));
    if (!result || result.response.status === 200) return;
    await pause(Number(result.response.headers.get('retry-after') ?? 1) * 1_000);
  }
  throw new Error(`${store} is still being closed`);
}

/** Returns the result of a call; undefined when the resource does not exist. */
async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ManystoreError && error.status === 404) return undefined;
    throw error;
  }
}
