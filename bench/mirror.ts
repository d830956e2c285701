/**
 * What the mirror costs: `node bench/mirror.ts [STORES] [PRODUCTS]`. Two embedded servers and the function
 * have a process each, so that the function's memory is its own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';
import type { ProductRecord } from '../lib/models/product.ts';
import type { SyncResult } from '../lib/schemas/mirror.ts';

const { MongoClient, ObjectId } = mongoose.mongo;
async function serve(): Promise<void> {
  process.on('disconnect', () => process.exit());
  const { startEmbeddedMongo } = await import('../local/embedded-mongodb/server.ts');
  process.send?.((await startEmbeddedMongo()).uri);
}

/** What one run of the function took; with what the servers were asked, if that is counted. */
interface Taken {
  result: SyncResult;
  seconds: number;
  /** In megabytes, the most there was. */
  rss: number;
  commands: Record<string, number>;
  documents: number;
}

/** One cold run of sync-mirror. */
async function run(): Promise<void> {
  const { handler } = await import('../functions/sync-mirror.ts');
  const { primary, secondary, closeConnections } = await import('../lib/connections.ts');
  const commands: Record<string, number> = {};
  let documents = 0;
  for (const open of [primary, secondary])
    (await open()).getClient().on('commandSucceeded', ({ commandName, reply }) => {
      commands[commandName] = (commands[commandName] ?? 0) + 1;
      const { firstBatch, nextBatch } = (reply as mongoose.mongo.Document).cursor ?? {};
      documents += (firstBatch ?? nextBatch ?? []).length;
    });
  const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 290_000 };
  const started = performance.now();
  const result = await handler({}, context as never);
  const seconds = (performance.now() - started) / 1_000;
  const rss = process.resourceUsage().maxRSS / 1_024;
  await closeConnections();
  process.send?.({ result, seconds, rss, commands, documents } satisfies Taken);
  process.disconnect();
}

function start(part: string, env: Record<string, string> = {}): ChildProcess {
  const options = { env: { ...process.env, ...env }, execArgv: process.execArgv };
  return fork(fileURLToPath(import.meta.url), [part], options);
}

async function messageOf<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, 'message');
  return message as T;
}

function say(what: string, value: number, unit: string): void {
  process.stdout.write(`${what.padEnd(60)} ${value.toFixed(2).padStart(10)} ${unit}\n`);
}

const DAY_MS = 86_400_000;
const earlier = new Date(Date.now() - DAY_MS);

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

async function measure(stores: number, products: number): Promise<void> {
  const servers = [start('server'), start('server')];
  const [first = '', other = ''] = await Promise.all(
    servers.map((child) => messageOf<string>(child)),
  );
  const named = (uri: string, options = '') => uri.replace('/?', '/bench?') + options;
  const env = {
    CURSOR_SECRET: 'bench',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  const sync = (isCounted = false) => {
    const options = isCounted ? '&monitorCommands=true' : '';
    const [PRIMARY_CONN_STR, SECONDARY_CONN_STR] = [named(first, options), named(other, options)];
    return messageOf<Taken>(start('function', { ...env, PRIMARY_CONN_STR, SECONDARY_CONN_STR }));
  };
  const client = await MongoClient.connect(first);
  const ids = Array.from({ length: stores }, (_, n) => `s${String(n).padStart(5, '0')}`);
  const productsOf = (id: string) => client.db(`store_${id}`).collection('products');

  const entry = { name: 'A Store', currency: 'USD', status: 'active', version: 1, openedBy: '' };
  const dates = { ready: true, createdAt: earlier, updatedAt: earlier };
  const entries = ids.map((_id) => ({ _id: _id as never, ...entry, ...dates }));
  await client.db('bench').collection('stores').insertMany(entries);
  for (const [n, id] of ids.entries()) {
    await productsOf(id).createIndex({ updatedAt: 1, _id: 1 });
    const records = Array.from({ length: products }, (_, i) => product(n * products + i));
    await productsOf(id).insertMany(records);
  }
  say('products', stores * products, '');

  /** Changes 1 % of each store's products, and makes earlier changes old. */
  const change = async () => {
    for (const id of ids) {
      const old = { $set: { updatedAt: new Date(Date.now() - 3_600_000) } };
      await productsOf(id).updateMany({ updatedAt: { $gt: earlier } }, old);
      const some = await productsOf(id)
        .find()
        .limit(products / 100)
        .toArray();
      const now = { $set: { updatedAt: new Date() }, $inc: { version: 1 } };
      await productsOf(id).updateMany({ _id: { $in: some.map(({ _id }) => _id) } }, now);
    }
  };
  const tell = (what: string, { result, seconds, rss }: Taken) => {
    say(`${what}: time`, seconds, 's');
    say(`${what}: copied`, result.copied, '');
    say(`${what}: stores failed or remaining`, result.failed + result.remaining, '');
    say(`${what}: memory of the process, at most`, rss, 'MB');
  };
  const count = (what: string, { result, commands, documents }: Taken) => {
    say(`${what}: documents read`, documents, `for ${result.copied} copied`);
    for (const [name, times] of Object.entries(commands)) say(`${what}: ${name}`, times, 'times');
  };
  tell('from nothing', await sync());
  await change();
  tell('1 % changed', await sync());
  await change();
  count('1 % changed', await sync(true));
  for (const id of ids) await productsOf(id).updateMany({}, { $set: { updatedAt: earlier } });
  tell('nothing changed', await sync());
  count('nothing changed', await sync(true));
  await searches(named(other), env);
  await client.close();
  for (const child of servers) child.kill();
}

/** What a page of the mirror costs, by words of more and fewer products. */
async function searches(uri: string, env: Record<string, string>): Promise<void> {
  Object.assign(process.env, env, { PRIMARY_CONN_STR: uri, SECONDARY_CONN_STR: uri });
  const { mirrorOn } = await import('../lib/models/mirror.ts');
  const { findProducts } = await import('../lib/products/product-lists.ts');
  const connection = await mongoose.createConnection(uri).asPromise();
  const mirror = mirrorOn(connection) as mongoose.Model<ProductRecord>;
  const { signal } = new AbortController();
  for (const sort of ['createdAt', '-price'] as const)
    for (const q of ['w0', 'w1', 'w2', 'w3', 'product w3']) {
      const query = { limit: 20, cursor: undefined, sort, filter: { q } };
      const page = () => findProducts(mirror, query, { list: 'bench' }, signal);
      await page();
      const started = performance.now();
      await page();
      say(`search ${q} by ${sort}`, performance.now() - started, 'ms');
      const plan = (await page().lean(false).explain('executionStats')) as never as {
        executionStats: { totalDocsExamined: number };
      };
      say(`search ${q} by ${sort}: documents`, plan.executionStats.totalDocsExamined, '');
    }
  await connection.close();
}

const [role = '200', second = '1000'] = process.argv.slice(2);
if (role === 'server') await serve();
else if (role === 'function') await run();
else {
  await measure(Number(role), Number(second));
  process.exit();
}
