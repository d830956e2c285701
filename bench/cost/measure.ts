import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Route } from '#lib/http/contract.ts';
import { type ProductRecord, productSchema } from '#lib/products/record.ts';
import { sampleProduct } from '../../local/sample-products.ts';
import type { TestRequest } from '../../test/support/gateway.ts';
import { packageService, unpackFunctions } from '../artifacts.ts';
import { environmentOf } from '../environment.ts';
import { eventFor } from '../event.ts';
import { enterStores, productRecords } from '../records.ts';
import { type BenchServer, MAIN, startServer } from '../server.ts';
import { type Call, startContainer } from './container.ts';
import { moveAway } from './far-server.ts';
import type { Calls, Measured } from './measured.ts';
import { countMetrics, countOfStack, templateIn } from './stack.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { provider, functions: declared } = parse(readFileSync(join(root, 'serverless.yml'), 'utf8'));
/** The memory of each function without `MEMORY_MB`. */
const MEMORY = Number(/(\d+)\}$/.exec(provider.memorySize)?.[1]);
/** Sizes of memory for the comparison. */
const OTHER_MEMORY = [256, 1_024, 1_769];
/** New containers of each measurement. */
const CONTAINERS = 3;
/** The stores that the scheduled tasks have to look after, and the share that changes between two runs of sync-mirror. */
const STORES = 1_000;
const CHANGED = STORES / 100;
const STORE = 's0000';
const DAY_MS = 86_400_000;
const IMPORTED = 1_000;

/** What is measured: a function, how it is called, and how often each container is called after its first call. */
interface Subject {
  name: string;
  fn: string;
  event: () => object;
  calls: number;
}

const day = () => new Date().toISOString().slice(0, 10);

/**
 * Measures the packaged functions in containers with the CPU quota that Lambda gives them.
 *
 * @param artifacts a folder with packaged functions; without one, they are packaged
 */
export async function measure({
  artifacts,
  progress,
}: {
  artifacts: string | undefined;
  progress: (text: string) => void;
}): Promise<Measured> {
  progress(artifacts ? 'unpacks the functions' : 'packages the functions');
  const names = ['get-product', 'list-products', 'create-product', 'import-products'];
  using service = await packageService(artifacts);
  using functions = await unpackFunctions(
    [...names, 'sync-mirror', 'take-snapshots'],
    service.folder,
  );
  await using servers = await startFilled();
  const { env, product } = servers;
  const lines: string[] = [];

  const run = async (
    { name, event, calls }: Subject,
    { file, memory = MEMORY }: { file: string; memory?: number },
  ): Promise<Calls> => {
    progress(`${name}, ${memory} MB`);
    const firsts: Call[] = [];
    const later: Call[] = [];
    for (let n = 0; n < CONTAINERS; n++) {
      await using container = await startContainer(file, { memory, env });
      firsts.push(await container.call(event()));
      for (let call = 0; call < calls; call++) later.push(await container.call(event()));
      lines.push(...container.log());
    }
    return { name, memory, ...callsOf(firsts, later) };
  };
  const ours = (subject: Subject, memory = MEMORY) =>
    run(subject, { file: functions.fileOf(subject.fn), memory });

  const subjects = subjectsOf(product);
  const [get, , list, , rows] = subjects as [Subject, Subject, Subject, Subject, Subject];
  const operations: Calls[] = [];
  for (const subject of subjects) operations.push(await ours(subject));
  const tutorial = await run(
    { ...get, name: "GET /products/{product} of the tutorial's shape" },
    { file: join(root, 'bench/peers/tutorial-shape.cjs') },
  );
  const byMemory: Calls[] = [];
  for (const subject of [get, list, rows])
    for (const memory of OTHER_MEMORY) byMemory.push(await ours(subject, memory));

  // For minutes, a sync reads again what was imported: the tasks have servers without imports.
  await using unchanged = await startFilled();
  /** Runs of a task after one that has prepared what is there already. */
  const task = async (fn: string, perMonth: number, change: () => Promise<void>) => {
    const { env } = unchanged;
    await using before = await startContainer(functions.fileOf(fn), { memory: MEMORY, env });
    await before.call({});
    const results: Calls[] = [];
    for (let n = 0; n < CONTAINERS; n++) {
      await change();
      progress(`${fn}, run ${n + 1}`);
      await using container = await startContainer(functions.fileOf(fn), { memory: MEMORY, env });
      const call = await container.call({});
      lines.push(...container.log());
      results.push({ name: fn, memory: MEMORY, ...callsOf([call], []) });
    }
    const [first] = results as [Calls];
    const mean = (of: (calls: Calls) => number) => average(results.map(of));
    return {
      ...first,
      init: mean(({ init }) => init),
      first: mean((calls) => calls.first),
      perMonth,
    };
  };
  const tasks = [
    await task('sync-mirror', 12 * 730, async () => {
      await using writer = await startContainer(functions.fileOf('create-product'), {
        memory: 1_769,
        env: unchanged.env,
      });
      for (let n = 0; n < CHANGED; n++) await writer.call(eventOfCreate(storeOf(n)));
    }),
    await task('take-snapshots', 730, async () => {}),
  ];
  return {
    date: day(),
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${process.platform} ${process.arch}`,
    node: process.version,
    ...{ operations, byMemory, tasks, tutorial },
    stack: {
      operations: Object.values<{ events?: object[] }>(declared).filter(hasRoute).length,
      ...countOfStack(templateIn(service.folder)),
      ...countMetrics(
        lines,
        tasks.map(({ name }) => name),
      ),
    },
  };
}

const hasRoute = ({ events = [] }: { events?: object[] }) =>
  events.some((event) => 'httpApi' in event);

const storeOf = (n: number) => `s${String(n).padStart(4, '0')}`;

/** The environment of functions with servers of their own, and the id of a product of the head catalog. */
interface Filled extends AsyncDisposable {
  env: Record<string, string>;
  product: string;
}

async function startFilled(): Promise<Filled> {
  const stack = new AsyncDisposableStack();
  const primary = stack.use(await startServer());
  const secondary = stack.use(await startServer());
  const product = await fillIn(primary);
  const far = stack.use(await moveAway(primary.uri));
  const farther = stack.use(await moveAway(secondary.uri));
  return {
    env: { ...environmentOf(far.uri), SECONDARY_CONN_STR: farther.uri },
    product,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Fills in a hundred products of the head catalog and of a store, and the registry. Returns the id of one of them. */
async function fillIn({ fill }: BenchServer): Promise<string> {
  const records = productRecords(100);
  await fill(async (client) => {
    const ids = Array.from({ length: STORES }, (_, n) => storeOf(n));
    // A sync also queries each store whose entry has just changed.
    await enterStores(client, ids, { at: new Date(Date.now() - DAY_MS) });
    for (const database of [MAIN, `store_${STORE}`]) {
      const products = client.db(database).collection<ProductRecord>('products');
      for (const [key, options] of productSchema.indexes())
        await products.createIndex(key as never, options as object);
      await products.insertMany(records);
    }
  });
  return records[50]?._id.toHexString() ?? '';
}

let created = 0;

/** A request that creates a product with a new SKU. */
const eventOfCreate = (store: string): object =>
  eventFor('POST /stores/{store}/products', {
    path: { store },
    body: { ...sampleProduct(created++, 'EUR'), sku: `COST-${created}` },
  });

/** @param product the id of a product of the head catalog */
function subjectsOf(product: string): Subject[] {
  const request = (route: Route, request: TestRequest) => () => eventFor(route, request);
  return [
    {
      name: 'get-product',
      fn: 'get-product',
      event: request('GET /products/{product}', { path: { product } }),
      calls: 150,
    },
    {
      name: 'get-product of a store',
      fn: 'get-product',
      event: request('GET /stores/{store}/products/{product}', { path: { store: STORE, product } }),
      calls: 150,
    },
    {
      name: 'list-products, 100 of a store',
      fn: 'list-products',
      event: request('GET /stores/{store}/products', {
        path: { store: STORE },
        query: { limit: '100' },
      }),
      calls: 80,
    },
    {
      name: 'create-product in a store',
      fn: 'create-product',
      event: () => eventOfCreate(STORE),
      calls: 100,
    },
    {
      name: `import-products, ${IMPORTED} new rows of NDJSON`,
      fn: 'import-products',
      event: () => {
        const rows = Array.from({ length: IMPORTED }, () =>
          JSON.stringify({ ...sampleProduct(created++, 'EUR'), sku: `IMPORT-${created}` }),
        );
        return eventFor('POST /stores/{store}/products/import', {
          path: { store: storeOf(1) },
          headers: { 'content-type': 'application/x-ndjson' },
          body: rows.join('\n'),
        });
      },
      calls: 5,
    },
  ];
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function callsOf(firsts: readonly Call[], later: readonly Call[]): Omit<Calls, 'name' | 'memory'> {
  const last = later.length > 0 ? later : firsts;
  const mean = (calls: readonly Call[], of: (call: Call) => number) =>
    Number(average(calls.map(of)).toFixed(2));
  return {
    init: mean(firsts, ({ init }) => init),
    first: mean(firsts, ({ ms }) => ms),
    // Lambda rounds each duration up.
    warm: mean(last, ({ ms }) => Math.ceil(ms)),
    cpu: mean(last, ({ cpu }) => cpu),
    logBytes: Math.round(mean(last, ({ logBytes }) => logBytes)),
    bodyBytes: Math.round(mean(last, ({ body }) => Buffer.byteLength(body))),
    rss: Math.round(Math.max(...[...firsts, ...later].map(({ rss }) => rss))),
  };
}
