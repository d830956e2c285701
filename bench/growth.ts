import { writeFileSync } from 'node:fs';
import type { Document, MongoClient } from 'mongodb';
import { type Child, startChild } from './children.ts';
import { environmentOf } from './environment.ts';
import { type Figure, plain, ratioOf } from './figure.ts';
import type { Calls, Cost } from './growth-child.ts';
import { drawGrowth, type Growth, type Point } from './growth-picture.ts';
import { growthOfProducts } from './growth-products.ts';
import type { Part } from './part.ts';
import { enterStores, productRecords } from './records.ts';
import { type BenchServer, MAIN, startServer } from './server.ts';

const STORES = [10, 100, 1_000, 10_000] as const;
/** How many stores change between two syncs: 1 %, except for the comparison, which always changes as many. */
const CHANGED = 100;
/** How many documents one command changes. */
const PART = 500;
const MINUTE_MS = 60_000;
/** The time between two scheduled syncs. */
const INTERVAL_MS = 5 * MINUTE_MS;

/** How costs grow with the number of products in a store, and with the number of stores. */
export const growth: Part = async ({ progress, picture }) => {
  const products = await growthOfProducts(progress);
  const stores = await growthOfStores(progress);
  if (picture !== undefined)
    writeFileSync(picture, drawGrowth({ products: products.points, stores: stores.points }));
  return [...products.figures, ...stores.figures];
};

/** Each number of stores has two new servers, and a container. */
async function growthOfStores(progress: (text: string) => void): Promise<Growth> {
  const figures: Figure[] = [];
  const points: Point[] = [];
  /** The commands of a sync after {@link CHANGED} stores changed, by the number of all stores. */
  const changed = new Map<number, number>();
  for (const count of STORES) {
    await using bench = await openBench(count, progress);
    const say = (what: string, { ms, commands }: Cost, of = 'sync-mirror') => {
      const name = [of, `${count} stores`, what].filter(Boolean).join(', ');
      figures.push(plain(commands, { name: `${name}: commands`, unit: '' }));
      figures.push(plain(ms, { name: `${name}: time`, unit: 'ms' }));
      points.push({ series: [of, what].filter(Boolean).join(', '), size: count, value: commands });
    };
    for (const [of, cost] of await bench.others()) say('', cost, of);
    say('the first time', await bench.sync());
    /** A sync five minutes after one that has checked every store. */
    const syncAfter = async (change: () => Promise<void>) => {
      await bench.pass(60 * MINUTE_MS);
      await bench.sync();
      await bench.pass(INTERVAL_MS);
      await change();
      return bench.sync();
    };
    say('nothing changed', await syncAfter(async () => {}));
    say('1 % changed', await syncAfter(() => bench.change(Math.max(1, count / 100))));
    if (count < CHANGED) continue;
    if (count === CHANGED) figures.push(...(await costOfMarks(bench)));
    changed.set(count, (await syncAfter(() => bench.change(CHANGED))).commands);
  }
  const [fewest, most] = [CHANGED, STORES.at(-1) ?? CHANGED];
  figures.push(
    ratioOf([{ ours: changed.get(most) ?? 0, theirs: changed.get(fewest) ?? 0 }], {
      name: `commands of a sync, ${CHANGED} of ${most} stores changed`,
      peer: `${CHANGED} of ${fewest}`,
      atMost: 3,
      unit: '',
    }),
  );
  return { figures, points };
}

/** What the mark costs a write: create-product in a new container, and again within a minute. */
async function costOfMarks(bench: Bench): Promise<Figure[]> {
  const [marked, another] = await bench.changeTwice(CHANGED);
  return (['commands', 'ms'] as const).map((unit) =>
    ratioOf([{ ours: marked[unit], theirs: another[unit] }], {
      name: `create-product, the first in a minute: ${unit}`,
      peer: 'without a mark',
      unit: unit === 'ms' ? unit : '',
    }),
  );
}

/** Two servers with stores of one product, and a container. */
interface Bench extends AsyncDisposable {
  sync(): Promise<Cost>;
  /** Runs what depends on the number of stores in other ways, each in a new container. */
  others(): Promise<[name: string, cost: Cost][]>;
  /** Changes so many stores by create-product. */
  change(count: number): Promise<void>;
  /** Changes so many stores twice from one container, which has read their registry entries. */
  changeTwice(count: number): Promise<[first: Cost, second: Cost]>;
  /** Moves what the stores and their syncs did `ms` into the past. */
  pass(ms: number): Promise<void>;
}

async function openBench(count: number, progress: (text: string) => void): Promise<Bench> {
  const first = await startServer();
  const other = await startServer();
  const ids = Array.from({ length: count }, (_, n) => `s${String(n).padStart(5, '0')}`);
  progress(`fills in ${count} stores`);
  await first.fill((client) => fillIn(client, ids));
  const child = startContainer(first, other);
  const ask = (calls: Calls) => child.ask<Cost>(calls);
  let changes = 0;
  const changesOf = (some: number): Calls => {
    const body = () => ({
      ...{ sku: `CHANGE-${++changes}`, name: 'Lamp' },
      price: { amount: 100, currency: 'EUR' },
    });
    const requests = ids.slice(0, some).map((store) => ({ path: { store }, body: body() }));
    return { name: 'create-product', requests };
  };
  return {
    async sync() {
      progress(`syncs ${count} stores`);
      return ask({ name: 'sync-mirror', requests: [{}] });
    },
    async others() {
      const visited = ids.filter((_, n) => n % Math.max(1, count / 100) === 0).slice(0, 100);
      const calls: [string, Calls][] = [
        [
          'first list-products of a store',
          { name: 'list-products', requests: visited.map((store) => ({ path: { store } })) },
        ],
        ['list-stores', { name: 'list-stores', requests: Array(20).fill({}) }],
        ['report-stores', { name: 'report-stores', requests: Array(20).fill({}) }],
        ['roll-out-indexes, plan', { name: 'roll-out-indexes', requests: [{ mode: 'plan' }] }],
      ];
      const costs: [string, Cost][] = [];
      for (const [name, each] of calls) {
        progress(`${name} of ${count} stores`);
        await using container = startContainer(first, other);
        costs.push([name, await container.ask<Cost>(each)]);
      }
      return costs;
    },
    async change(some) {
      // Another container, so that it has not marked these stores within the last minute.
      await using writer = startContainer(first, other);
      await writer.ask<Cost>(changesOf(some));
    },
    async changeTwice(some) {
      await using writer = startContainer(first, other);
      const requests = ids.slice(0, some).map((store) => ({ path: { store } }));
      await writer.ask<Cost>({ name: 'list-products', requests });
      return [await writer.ask<Cost>(changesOf(some)), await writer.ask<Cost>(changesOf(some))];
    },
    async pass(ms) {
      await first.fill(async (client) => {
        await moveBack(client, { collection: 'stores', fields: ['updatedAt'] }, ms);
        await moveBack(client, { collection: 'changes', fields: ['at'] }, ms);
      });
      const fields = ['products.through', 'archive.through', 'syncedAt', 'triedAt'];
      await other.fill((client) => moveBack(client, { collection: 'watermarks', fields }, ms));
    },
    async [Symbol.asyncDispose]() {
      for (const one of [child, first, other]) await one[Symbol.asyncDispose]();
    },
  };
}

const startContainer = (first: BenchServer, other: BenchServer): Child =>
  startChild('growth-child.ts', {
    env: {
      ...environmentOf(`${first.uri}&monitorCommands=true`),
      SECONDARY_CONN_STR: `${other.uri}&monitorCommands=true`,
      STORE_FRESH_MS: '60000',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    },
  });

async function fillIn(client: MongoClient, ids: readonly string[]): Promise<void> {
  await enterStores(client, ids);
  const [record] = productRecords(1);
  for (const id of ids) {
    const products = client.db(`store_${id}`).collection('products');
    await products.createIndex({ updatedAt: 1, _id: 1 });
    await products.insertOne({ ...record, _id: undefined } as Document);
  }
}

async function moveBack(
  client: MongoClient,
  { collection, fields }: { collection: string; fields: string[] },
  ms: number,
): Promise<void> {
  const earlier = fields.map((field) => [field, { $subtract: [`$${field}`, ms] }]);
  const records = client.db(MAIN).collection<{ _id: string }>(collection);
  const all = await records.find({}, { projection: { _id: 1 } }).toArray();
  // In parts, so that the server can answer the drivers that monitor it.
  for (let from = 0; from < all.length; from += PART) {
    const part = all.slice(from, from + PART).map(({ _id }) => _id);
    await records.updateMany({ _id: { $in: part } }, [{ $set: Object.fromEntries(earlier) }]);
  }
}
