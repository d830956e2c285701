import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackFunctions } from './artifacts.ts';
import { runScript } from './children.ts';
import { environmentOf } from './environment.ts';
import { eventFor } from './event.ts';
import { type Figure, plain } from './figure.ts';
import { type Body, bodies } from './hostile-bodies.ts';
import type { Part } from './part.ts';
import { enterStores } from './records.ts';
import { startServer } from './server.ts';

/** The CPU that a rejected body may cost. */
const MAX_CPU_MS = 1_000;
const MAX_BLOCK_MS = 500;
const MAX_MEGABYTES = 400;
const MEGABYTE = 1_000_000;

/** As Lambda starts Node with 512 MB: 90 % of them for the heap, and 5 % for a half of its young generation. */
const LAMBDA = ['--expose-gc', '--max-old-space-size=460', '--max-semi-space-size=25'];

interface Cost {
  /** In milliseconds. */
  cpu: number;
  /** How long the event loop was blocked at most, in milliseconds. */
  block: number;
  /** The most that the process held, in bytes. */
  rss: number;
  statusCode: number;
  body: string;
}

/** What the worst bodies cost: each is one request to a new container of a packaged function. */
export const hostile: Part = async ({ artifacts, progress }) => {
  const only = process.env.BENCH_BODIES;
  const chosen = bodies.filter(({ name }) => !only || name.includes(only));
  progress(artifacts ? 'unpacks the functions' : 'packages the functions');
  using functions = await unpackFunctions([...new Set(chosen.map(({ to }) => to))], artifacts);
  await using server = await startServer();
  const stores = chosen.map((_, n) => `hostile-${n}`);
  await server.fill(async (client) => {
    await enterStores(client, stores);
    for (const store of stores) {
      const products = client.db(`store_${store}`).collection('products');
      await products.createIndex({ sku: 1 }, { unique: true });
    }
  });
  const env = environmentOf(server.uri);
  const figures: Figure[] = [];
  for (const [n, body] of chosen.entries()) {
    progress(`${n + 1} of ${chosen.length}: ${body.name}`);
    const cost = await send(functions.fileOf(body.to), { body, store: `hostile-${n}`, env });
    figures.push(...figuresOf(body, cost));
  }
  return figures;
};

async function send(
  file: string,
  { body, store, env }: { body: Body; store: string; env: Record<string, string> },
): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), 'manystore-hostile-'));
  const eventFile = join(folder, 'event.json');
  const headers = {
    'content-type': body.type,
    ...(body.key === undefined ? {} : { 'idempotency-key': body.key }),
  };
  const path: Record<string, string> = { store, product: '0'.repeat(24) };
  for (const name of Object.keys(path)) if (!body.route.includes(`{${name}}`)) delete path[name];
  writeFileSync(
    eventFile,
    JSON.stringify(eventFor(body.route, { path, headers, body: body.text })),
  );
  try {
    const args = [file, eventFile];
    const { output, errors } = await runScript('hostile-child.mjs', { args, flags: LAMBDA, env });
    if (!output) throw new Error(`${body.name}: ${errors.slice(-2_000)}`);
    return JSON.parse(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function figuresOf({ name, status }: Body, { cpu, block, rss, statusCode, body }: Cost): Figure[] {
  const isAccepted = statusCode < 300;
  const note = statusCode === status ? `${statusCode}` : `${statusCode} and not ${status}: ${body}`;
  const bound = isAccepted ? {} : { atMost: MAX_CPU_MS };
  return [
    plain(cpu, { name: `${name}: CPU`, unit: 'ms', note, ...bound }),
    plain(block, { name: `${name}: longest block`, unit: 'ms', atMost: MAX_BLOCK_MS }),
    plain(rss / MEGABYTE, { name: `${name}: peak memory`, unit: 'MB', atMost: MAX_MEGABYTES }),
  ];
}
