import { startChild } from './children.ts';
import { environmentOf } from './environment.ts';
import { eventFor } from './event.ts';
import { type Figure, type Pair, ratioOf } from './figure.ts';
import { filesOf } from './files.ts';
import type { Called, Calls } from './handler-child.ts';
import type { Part } from './part.ts';
import type { Question } from './peers/bulk-write.ts';
import { enterStores } from './records.ts';
import { startServer } from './server.ts';

const ROWS = 10_000;
/** V8 has compiled by then what it compiles. */
const WARM_UPS = 2;

type Counts = Record<'created' | 'updated' | 'unchanged', number>;
type Kind = 'created' | 'ndjson' | 'csv' | 'tenth' | 'unchanged';
/** The files that a peer reads as well. */
const FILES = {
  created: { type: 'application/json', key: 'json' },
  ndjson: { type: 'application/x-ndjson', key: 'ndjson' },
  csv: { type: 'text/csv', key: 'csv' },
} as const;
type FileKind = keyof typeof FILES;

/** What an import of many rows costs the function: the whole request, from its text to its answer. */
export const bulk: Part = async ({ rounds, progress }) => {
  await using server = await startServer();
  const files = filesOf(ROWS);
  const env = environmentOf(server.uri);
  await using ours = startChild('handler-child.ts', {
    args: ['../functions/import-products.ts'],
    env,
  });
  await using peer = startChild('peers/bulk-write.ts', { env });

  const send = async (store: string, type: string, body: string, counts: Partial<Counts>) => {
    const request = { path: { store }, headers: { 'content-type': type }, body };
    const event = eventFor('POST /stores/{store}/products/import', request);
    const { cpu, answer } = await ours.ask<Called>({ event, count: 1 } satisfies Calls);
    requireCounts(answer.body, counts);
    return cpu;
  };

  const pairs: Record<Kind, Pair[]> = {
    created: [],
    ndjson: [],
    csv: [],
    tenth: [],
    unchanged: [],
  };
  const reading: Record<FileKind, Pair[]> = { created: [], ndjson: [], csv: [] };
  const unchangedToNew: Pair[] = [];
  for (let round = -WARM_UPS; round < rounds; round++) {
    progress(round < 0 ? 'warms up' : `round ${round + 1} of ${rounds}`);
    const stores = ['json', 'raw', 'ndjson', 'csv', 'read-created', 'read-ndjson', 'read-csv'];
    const ids = stores.map((kind) => `${kind}-${round + WARM_UPS}`);
    const [json = '', raw = '', ndjson = '', csv = ''] = ids;
    await server.fill(async (client) => {
      await enterStores(client, ids);
      for (const id of ids)
        await client
          .db(`store_${id}`)
          .collection('products')
          .createIndex({ sku: 1 }, { unique: true });
    });
    const all = { created: ROWS };
    const costs: Record<Kind, number> = {
      created: await send(json, 'application/json', files.json, all),
      ndjson: await send(ndjson, 'application/x-ndjson', files.ndjson, all),
      csv: await send(csv, 'text/csv', files.csv, all),
      unchanged: await send(json, 'application/json', files.json, { unchanged: ROWS }),
      tenth: await send(json, 'application/json', files.tenthChanged, {
        updated: ROWS / 10,
        unchanged: (ROWS * 9) / 10,
      }),
    };
    const theirs = await peer.ask<number>({ store: raw, count: ROWS } satisfies Question);
    const pair = (one: number, other: number) => ({ ours: one / 1_000, theirs: other / 1_000 });
    for (const kind of Object.keys(FILES) as FileKind[]) {
      const { type, key } = FILES[kind];
      const store = `read-${kind}-${round + WARM_UPS}`;
      const question: Question = { store, count: ROWS, file: { type, text: files[key] } };
      const read = await peer.ask<number>(question);
      if (round >= 0) reading[kind].push(pair(costs[kind], read));
    }
    if (round >= 0) {
      for (const kind of Object.keys(pairs) as Kind[]) pairs[kind].push(pair(costs[kind], theirs));
      unchangedToNew.push(pair(costs.unchanged, costs.created));
    }
    await server.fill(async (client) => {
      for (const id of ids) await client.db(`store_${id}`).dropDatabase();
    });
  }
  return figuresOf({ pairs, reading, unchangedToNew });
};

function figuresOf({
  pairs,
  reading,
  unchangedToNew,
}: {
  pairs: Record<Kind, Pair[]>;
  reading: Record<FileKind, Pair[]>;
  unchangedToNew: Pair[];
}): Figure[] {
  const of = (rounds: Pair[], what: string, peer: string, atMost?: number) =>
    ratioOf(rounds, {
      name: `import of ${ROWS} rows, ${what}`,
      peer,
      unit: 'ms of CPU',
      ...(atMost === undefined ? {} : { atMost }),
    });
  const same = 'bulkWrite of the same operations';
  const inserts = `bulkWrite of ${ROWS} inserts`;
  return [
    of(pairs.created, 'JSON, all new', same, 1.5),
    of(pairs.ndjson, 'NDJSON, all new', same, 1.5),
    of(pairs.csv, 'CSV, all new', same, 2),
    of(unchangedToNew, 'JSON, none changed', 'the same file, all new', 1),
    of(reading.created, 'JSON, all new', 'JSON.parse() and bulkWrite'),
    of(reading.ndjson, 'NDJSON, all new', 'JSON.parse() of lines and bulkWrite'),
    of(reading.csv, 'CSV, all new', 'csv-parse and bulkWrite'),
    of(pairs.tenth, 'JSON, a tenth changed', inserts),
    of(pairs.unchanged, 'JSON, none changed', inserts),
  ];
}

/** An import counts when it has done what it should. */
function requireCounts(body: string, counts: Partial<Counts>): void {
  const { failed, ...told } = JSON.parse(body);
  const expected = { created: 0, updated: 0, unchanged: 0, ...counts };
  if (failed?.length !== 0 || JSON.stringify(told) !== JSON.stringify(expected))
    throw new Error(`The import answered ${body.slice(0, 500)}`);
}
