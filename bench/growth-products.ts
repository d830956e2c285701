import type { MongoClient } from 'mongodb';
import { newRecord, type ProductRecord, productSchema } from '#lib/products/record.ts';
import { sampleProduct } from '../local/sample-products.ts';
import { startChild } from './children.ts';
import { environmentOf } from './environment.ts';
import { type Figure, plain } from './figure.ts';
import type { Calls, Cost } from './growth-child.ts';
import type { Growth, Point } from './growth-picture.ts';
import { enterStores } from './records.ts';
import { type Fill, fillOf, MAIN, startServer } from './server.ts';

/** The numbers of products in the stores that are compared. The embedded server gets all but the last one. */
const PRODUCTS = [100, 1_000, 10_000, 100_000, 1_000_000];
/** How many products are inserted with one command. */
const PART = 5_000;
/** Calls of each operation: some before the measurement, so that V8 has compiled what it runs. */
const WARM_UPS = 30;
const CALLS = 50;
/** A word that is in the SKU of one product. */
const RARE = '000042';
/** A word that one of twelve products has in its name. */
const FREQUENT = 'laptop';

/** The server that has the stores. */
interface Server {
  uri: string;
  sizes: readonly number[];
  fill: Fill;
}

/**
 * How costs grow with the number of products in a store. With `PRIMARY_CONN_STR`, it measures that server, also with a million
 * products, in databases of its own that it deletes again.
 */
export async function growthOfProducts(progress: (text: string) => void): Promise<Growth> {
  const named = process.env.PRIMARY_CONN_STR;
  if (named) return await measure(namedServer(named), progress);
  await using server = await startServer();
  return await measure({ ...server, sizes: PRODUCTS.slice(0, -1) }, progress);
}

const storeOf = (count: number) => `growth-${count}`;

function namedServer(connectionString: string): Server {
  const url = new URL(connectionString);
  url.pathname = `/${MAIN}`;
  return {
    uri: url.href,
    sizes: PRODUCTS,
    fill: fillOf(url.href),
  };
}

async function measure(server: Server, progress: (text: string) => void): Promise<Growth> {
  const databases = [MAIN, ...server.sizes.map((count) => `store_${storeOf(count)}`)];
  await server.fill(async (client) => {
    const { databases: present } = await client.db().admin().listDatabases({ nameOnly: true });
    const taken = present.find(({ name }) => databases.includes(name));
    if (taken) throw new Error(`The server already has a database ${taken.name}`);
  });
  try {
    await server.fill(async (client) => {
      await enterStores(client, server.sizes.map(storeOf));
      for (const count of server.sizes) {
        progress(`fills in ${count} products`);
        await fillStore(client, count);
      }
    });
    return await measureFilled(server, progress);
  } finally {
    await server.fill(async (client) => {
      for (const name of databases) await client.db(name).dropDatabase();
    });
  }
}

async function fillStore(client: MongoClient, count: number): Promise<void> {
  const products = client.db(`store_${storeOf(count)}`).collection<ProductRecord>('products');
  for (const [key, options] of productSchema.indexes())
    await products.createIndex(key as never, options as object);
  for (let from = 0; from < count; from += PART) {
    const records = Array.from({ length: Math.min(PART, count - from) }, (_, n) =>
      newRecord(sampleProduct(from + n, 'EUR'), new Date(1_700_000_000_000 + (from + n) * 1_000)),
    );
    await products.insertMany(records, { ordered: false });
  }
}

async function measureFilled(server: Server, progress: (text: string) => void): Promise<Growth> {
  const figures: Figure[] = [];
  const points: Point[] = [];
  for (const count of server.sizes) {
    progress(`calls the operations with ${count} products`);
    const store = storeOf(count);
    let product = '';
    await server.fill(async (client) => {
      const products = client.db(`store_${store}`).collection('products');
      product = (await products.findOne({}, { skip: count / 2 }))?._id.toHexString() ?? '';
    });
    const path = { store };
    const operations: [name: string, Calls['name'], Calls['requests'][number]][] = [
      ['get-product', 'get-product', { path: { store, product } }],
      ['list-products', 'list-products', { path }],
      ['list-products by price', 'list-products', { path, query: { sort: '-price' } }],
      ['search, a rare word', 'list-products', { path, query: { q: RARE } }],
      ['search, a frequent word', 'list-products', { path, query: { q: FREQUENT } }],
    ];
    await using container = startChild('growth-child.ts', {
      env: {
        ...environmentOf(
          `${server.uri}${server.uri.includes('?') ? '&' : '?'}monitorCommands=true`,
        ),
        STORE_FRESH_MS: '60000',
        POWERTOOLS_LOG_LEVEL: 'SILENT',
        POWERTOOLS_METRICS_DISABLED: 'true',
      },
    });
    for (const [series, name, request] of operations) {
      const ask = (calls: number) =>
        container.ask<Cost>({ name, requests: Array(calls).fill(request) });
      await ask(WARM_UPS);
      const { ms, cpu, commands, examined } = await ask(CALLS);
      const what = `${series}, ${count} products`;
      if (examined !== null)
        figures.push(plain(examined, { name: `${what}: documents examined`, unit: '' }));
      figures.push(
        plain(ms, {
          name: `${what}: time`,
          unit: 'ms',
          note: `${commands} commands, ${cpu.toFixed(2)} ms of CPU`,
        }),
      );
      if (examined !== null) points.push({ series, size: count, value: examined });
    }
  }
  return { figures, points };
}
