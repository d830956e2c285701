import { type Collection, ObjectId } from 'mongodb';
import { startChild } from './children.ts';
import { environmentOf } from './environment.ts';
import { type Figure, plain } from './figure.ts';
import type { Taken } from './mirror-child.ts';
import type { Part } from './part.ts';
import { enterStores } from './records.ts';
import { startServer } from './server.ts';

const STORES = 200;
const PRODUCTS = 1_000;
const HOUR_MS = 3_600_000;
const earlier = new Date(Date.now() - 24 * HOUR_MS);

/** What the mirror costs: two servers and the function have a process each. */
export const mirror: Part = async ({ progress }) => {
  await using first = await startServer();
  await using other = await startServer();
  const ask = async <Answer>(question: 'sync' | 'search', options = '') => {
    const env = {
      ...environmentOf(first.uri + options),
      SECONDARY_CONN_STR: other.uri + options,
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    };
    await using child = startChild('mirror-child.ts', { env });
    return await child.ask<Answer>(question);
  };
  const figures: Figure[] = [];
  const say = (name: string, value: number, unit = '') =>
    figures.push(plain(value, { name, unit }));
  const sync = async (what: string) => {
    progress(what);
    const { result, seconds, rss } = await ask<Taken>('sync');
    say(`${what}: time`, seconds, 's');
    say(`${what}: copied`, result.copied);
    say(`${what}: stores failed or remaining`, result.failed + result.remaining);
    say(`${what}: memory of the process, at most`, rss, 'MB');
  };
  const countedSync = async (what: string) => {
    const counted = await ask<Taken>('sync', '&monitorCommands=true');
    const { result, commands, documents } = counted;
    say(`${what}: documents read`, documents, `for ${result.copied} copied`);
    for (const [name, times] of Object.entries(commands)) say(`${what}: ${name}`, times, 'times');
  };

  const ids = Array.from({ length: STORES }, (_, n) => `s${String(n).padStart(5, '0')}`);
  /** Does something with each store's products. */
  const each = (work: (products: Products, n: number) => Promise<unknown>) =>
    first.fill(async (client) => {
      for (const [n, id] of ids.entries())
        await work(client.db(`store_${id}`).collection('products'), n);
    });

  progress(`fills in ${STORES} stores of ${PRODUCTS} products`);
  await first.fill((client) => enterStores(client, ids));
  await each(async (products, n) => {
    await products.createIndex({ updatedAt: 1, _id: 1 });
    await products.insertMany(
      Array.from({ length: PRODUCTS }, (_, i) => product(n * PRODUCTS + i)),
    );
  });
  await sync('from nothing');
  await each(changeSome);
  await sync('1 % changed');
  await each(changeSome);
  await countedSync('1 % changed');
  await each((products) => products.updateMany({}, { $set: { updatedAt: earlier } }));
  await sync('nothing changed');
  await countedSync('nothing changed');
  return [...figures, ...(await ask<Figure[]>('search'))];
};

type Products = Collection;

/** Changes 1 % of a store's products, and makes earlier changes old. */
async function changeSome(products: Products): Promise<void> {
  const old = { $set: { updatedAt: new Date(Date.now() - HOUR_MS) } };
  await products.updateMany({ updatedAt: { $gt: earlier } }, old);
  const some = await products
    .find()
    .limit(PRODUCTS / 100)
    .toArray();
  const now = { $set: { updatedAt: new Date() }, $inc: { version: 1 } };
  await products.updateMany({ _id: { $in: some.map(({ _id }) => _id) } }, now);
}

/** Every product has the word w0, each tenth one w1, each hundredth w2, each thousandth w3. */
function product(n: number) {
  const name = ['w0', ...[10, 100, 1_000].flatMap((m, i) => (n % m === 0 ? [`w${i + 1}`] : []))];
  return {
    _id: new ObjectId(),
    sku: `S${n}`,
    name: `Product ${n} ${name.join(' ')}`,
    description:
      'A product that has a description of an ordinary length, as most products have. '.repeat(4),
    category: `Category ${n % 30}`,
    tags: [`tag${n % 100}`, `tag${n % 7}`],
    price: { amount: (n * 7_919) % 100_000, currency: 'USD' },
    stock: n % 40,
    status: 'active',
    attributes: { color: 'grey', size: 'L' },
    terms: ['product', String(n), ...name, 'category', 'ordinary', 'description', 'length'],
    version: 1,
    createdAt: new Date(earlier.getTime() + n * 10),
    updatedAt: earlier,
  };
}
