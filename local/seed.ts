import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { runCommand, UsageError } from './command.ts';
import { type Progress, showProgress } from './progress.ts';
import { sampleProduct } from './sample-products.ts';
import { post, requireService, type Service, urlOf } from './service.ts';
import { fetchToken, issuerOf } from './token-request.ts';

/*
 * `npm run seed -- --stores 200 --products 5000`: creates stores (`seed-001` and so on) in the running service and imports
 * products into each, through its API. Existing stores and products are kept, so the command can be repeated, to continue
 * after an interruption or to create more. An error is printed in one line.
 */

/** Concurrent requests: enough to keep the service busy, without blocking other clients. */
const AT_ONCE = 4;
/** About half a megabyte, far below the 6 MB that an import accepts. */
const PRODUCTS_PER_REQUEST = 2_000;

async function seed(): Promise<number> {
  const options = {
    stores: { type: 'string', default: '200' },
    products: { type: 'string', default: '5000' },
    url: { type: 'string' },
    token: { type: 'string' },
  } as const;
  const { values } = parseArgs({ options });
  const stores = countIn('--stores', values.stores, 10_000);
  const products = countIn('--products', values.products, 1_000_000);
  const url = urlOf(values.url);
  await requireService(url);
  const token =
    values.token ??
    (await fetchToken(issuerOf(url), {
      stores: ['*'],
      scopes: ['stores:admin', 'products:write'],
    }));
  const service = { url, token };

  const ids = Array.from({ length: stores }, (_, n) => `seed-${String(n + 1).padStart(3, '0')}`);
  await withProgress('stores', stores, (progress) =>
    pMap(ids, (id, n) => openStore(service, id, n, progress), { concurrency: AT_ONCE }),
  );
  const counts = { created: 0, updated: 0, unchanged: 0 };
  await withProgress('products', stores * products, (progress) =>
    pMap(
      partsOf(ids, products),
      async (part) => addTo(counts, await fill(service, part, progress)),
      {
        concurrency: AT_ONCE,
      },
    ),
  );
  const { created, updated, unchanged } = counts;
  process.stdout.write(
    `${stores} stores at ${url}: ${created} products created, ${updated} updated, ${unchanged} unchanged\n`,
  );
  return 0;
}

interface Part {
  store: string;
  currency: string;
  from: number;
  to: number;
}

type Counts = Record<'created' | 'updated' | 'unchanged', number>;

function* partsOf(ids: string[], products: number): Generator<Part> {
  for (const [n, store] of ids.entries())
    for (let from = 0; from < products; from += PRODUCTS_PER_REQUEST)
      yield {
        store,
        currency: currencyOf(n),
        from,
        to: Math.min(from + PRODUCTS_PER_REQUEST, products),
      };
}

const currencyOf = (n: number) => ['EUR', 'USD', 'GBP', 'CHF'][n % 4] as string;

async function openStore(
  service: Service,
  id: string,
  n: number,
  progress: Progress,
): Promise<void> {
  const store = { id, name: `Seed Store ${n + 1}`, currency: currencyOf(n) };
  await post(service, '/stores', { body: JSON.stringify(store) }, [409]);
  progress.add(1);
}

async function fill(
  service: Service,
  { store, currency, from, to }: Part,
  progress: Progress,
): Promise<Counts> {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  const rows = numbers.map((n) => JSON.stringify(sampleProduct(n, currency))).join('\n');
  const path = `/stores/${store}/products/import`;
  const response = await post(service, path, { type: 'application/x-ndjson', body: rows });
  const result = await response.json();
  const { failed, ...counts } = result as Counts & { failed: { reason: string }[] };
  if (failed[0]) throw new Error(`A product of ${store} was rejected: ${failed[0].reason}`);
  progress.add(to - from);
  return counts;
}

function addTo(counts: Counts, more: Counts): void {
  for (const name of ['created', 'updated', 'unchanged'] as const) counts[name] += more[name];
}

async function withProgress(
  what: string,
  total: number,
  work: (progress: Progress) => Promise<unknown>,
): Promise<void> {
  const progress = showProgress(what, total);
  await work(progress).finally(progress.end);
}

function countIn(flag: string, text: string, most: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= most) return count;
  throw new UsageError(`${flag} must be a number from 1 to ${most}`);
}

await runCommand({
  usage: 'npm run seed -- [--stores N] [--products N] [--url URL] [--token TOKEN]',
  about:
    'Creates stores (seed-001 and so on) in the running service, and imports products into each: by default 200 stores\n' +
    'with 5000 products. Existing ones are kept, so it can be repeated.',
  main: seed,
});
