import { deepEqual } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleProduct } from '../local/sample-products.ts';
import { bundleFunctions } from '../packaging/bundle.ts';
import { bundlePeer } from './artifacts.ts';
import { type Child, startChild } from './children.ts';
import { environmentOf } from './environment.ts';
import { eventFor } from './event.ts';
import { type Figure, type Pair, ratioOf } from './figure.ts';
import type { Called, Calls } from './handler-child.ts';
import type { Part } from './part.ts';
import { productRecords } from './records.ts';
import { MAIN, startServer } from './server.ts';

interface Race {
  name: string;
  peer: string;
  atMost?: number;
  /** The modules: files, or relative to this folder. */
  modules: [ours: string, theirs: string];
  event: object;
  /** The number of calls in a round. */
  count: number;
  /** Additional environment variables of both. */
  env?: Record<string, string>;
}

const PAGE = 100;
const QUIET = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };

/** What a request costs a container that has answered many before it. */
export const warm: Part = async ({ rounds, progress }) => {
  await using server = await startServer();
  const records = productRecords(PAGE);
  await server.fill(async (client) => {
    const products = client.db(MAIN).collection('products');
    await products.createIndex({ createdAt: 1, _id: 1 });
    await products.insertMany(records);
  });
  using bundles = await bundled();
  const get = {
    modules: bundles.get,
    event: eventFor('GET /products/{product}', {
      path: { product: records[0]?._id.toHexString() ?? '' },
    }),
    count: 400,
  };
  const list = {
    modules: bundles.list,
    event: eventFor('GET /products', { query: { limit: String(PAGE) } }),
    count: 100,
  };
  const chain = {
    modules: ['subjects/chain.ts', 'peers/express-chain.ts'] as [string, string],
    event: eventFor('POST /stores/{store}/products', {
      path: { store: 'acme' },
      body: sampleProduct(1, 'EUR'),
    }),
    count: 1_000,
  };
  const bare = "bare driver's handler";
  const express = 'express + serverless-http';
  const logging = 'with its log and metrics';
  const races: Race[] = [
    { name: 'get-product, warm', peer: bare, atMost: 1.3, ...get, env: QUIET },
    { name: `list-products of ${PAGE}, warm`, peer: bare, atMost: 1.4, ...list, env: QUIET },
    { name: 'chain, no database', peer: express, atMost: 0.3, ...chain, env: QUIET },
    {
      name: `get-product, warm, ${logging}`,
      peer: `${bare}, which logs nothing`,
      atMost: 1.2,
      ...get,
    },
    { name: `list-products, warm, ${logging}`, peer: `${bare}, which logs nothing`, ...list },
    {
      name: `chain, no database, ${logging}`,
      peer: `${express}, with the same`,
      atMost: 0.4,
      ...chain,
    },
  ];
  const figures: Figure[] = [];
  for (const race of races) {
    progress(race.name);
    figures.push(await run(race, { rounds, uri: server.uri }));
  }
  return figures;
};

/** Returns the deployed modules of the functions that need a database connection, and their peers. */
async function bundled(): Promise<Disposable & Record<'get' | 'list', Race['modules']>> {
  const folder = mkdtempSync(join(tmpdir(), 'manystore-bench-'));
  const names = ['get-product', 'list-products'];
  const [get, list] = (await bundleFunctions({ names, outdir: folder })).map(({ file }) => file);
  if (!get || !list) throw new Error('Nothing was bundled');
  return {
    get: [get, await bundlePeer('bare-driver', folder)],
    list: [list, await bundlePeer('bare-driver-list', folder)],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

async function run(
  { name, peer, atMost, modules: [ours, theirs], event, count, env }: Race,
  { rounds, uri }: { rounds: number; uri: string },
): Promise<Figure> {
  const start = (module: string) =>
    startChild('handler-child.ts', { args: [module], env: { ...environmentOf(uri), ...env } });
  await using mine = start(ours);
  await using other = start(theirs);
  const call = (child: Child) => child.ask<Called>({ event, count } satisfies Calls);
  // What V8 compiles, it has compiled after some thousand calls.
  for (let round = 0; round < WARM_UPS; round++)
    requireSame(name, await call(mine), await call(other));
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round++)
    pairs.push({ ours: (await call(mine)).cpu, theirs: (await call(other)).cpu });
  const bound = atMost === undefined ? {} : { atMost };
  return ratioOf(pairs, { name, peer, unit: 'us of CPU', ...bound });
}

const WARM_UPS = 6;

/** Both have done the same when they have answered the same. */
function requireSame(name: string, { answer: ours }: Called, { answer: theirs }: Called): void {
  deepEqual(ours.statusCode, theirs.statusCode, name);
  deepEqual(JSON.parse(ours.body), JSON.parse(theirs.body), name);
}
