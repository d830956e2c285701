import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pMap from 'p-map';
import { SCOPES } from '#lib/http/scopes.ts';
import { primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { addProduct, addProducts } from '../support/catalog.ts';
import { Dice } from '../support/fuzz/dice.ts';
import { faultIn } from '../support/fuzz/inspect.ts';
import { eventFor } from '../support/fuzz/requests.ts';
import type { Pools } from '../support/fuzz/valid.ts';
import { call, contextOf } from '../support/gateway.ts';
import { isFullLength } from '../support/length.ts';
import { closeDirect, direct } from '../support/mirror.ts';
import { allFunctions } from '../support/operations.ts';
import { run, servers } from '../support/settings.ts';

const { operations, tasks } = await allFunctions();

/*
 * Sends requests to every operation. They are generated from its contract, and half of them are invalid. FUZZ_SEED sets the
 * seed, and FUZZ_REQUESTS the number. Two companies take turns, so that each database query belongs to one of them; a third
 * company has stores that neither may see.
 */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_122);
const total = Number(process.env.FUZZ_REQUESTS ?? (isFullLength ? 20_000 : 1_000));
const ROUND = 250;
const AT_ONCE = 6;

const word = (company: string) => `Secret${company}${run}`;
const idOf = (company: string, n: number) => `${company}${n}-${run}`;
/** Three permanent stores, and the ids of stores that the fuzz may create, suspend and close. */
const idsOf = (company: string) => Array.from({ length: 15 }, (_, n) => idOf(company, n));
const companies = ['ant', 'bee', 'owl'] as const;
const hidden = idsOf('owl').slice(0, 3);

const shared: Pools = {
  cursor: [],
  product: [],
  head: [],
  sku: ['SKU-1', 'SKU-2', 'SKU-2', 'SKU-3', ...Array.from({ length: 30 }, (_, n) => `F-${n}`)],
  currency: ['EUR', 'USD', 'JPY'],
  q: ['lap', 'x', 'secret'],
};
/** Products by company, each as `store/product`. */
const pairs: Record<string, string[]> = { ant: [], bee: [], owl: [] };
let before: unknown;

beforeAll(async () => {
  for (const company of companies)
    for (const id of idsOf(company).slice(0, 3)) {
      const body = { id, name: word(company), currency: 'EUR' };
      await call(operations.get('create-store') as never, { body });
      const own = { name: word(company), category: word(company), tags: [word(company)] };
      const [kept] = await addProducts({ store: id }, [
        { ...own, sku: 'SKU-1' },
        { ...own, sku: 'SKU-2', stock: 1_000 },
      ]);
      const { product, path } = await addProduct({ store: id }, own);
      await call(operations.get('archive-product') as never, { path });
      shared.product?.push(kept?.id ?? '', product.id);
      pairs[company]?.push(`${id}/${kept?.id}`, `${id}/${product.id}`);
    }
  for (const { product } of [await addProduct({}, { sku: 'SKU-1' }), await addProduct({})])
    shared.head?.push(`/${product.id}`);
  await tasks.get('sync-mirror')?.({}, contextOf({ contract: { name: 'sync-mirror' } }));
  await tasks.get('take-snapshots')?.({}, contextOf({ contract: { name: 'take-snapshots' } }));
  before = await allOfHidden();
}, 120_000);
afterAll(closeDirect);

/** Everything that belongs to the hidden company, on both servers. */
async function allOfHidden(): Promise<unknown> {
  const primary = direct.primary.db();
  const found: unknown[] = [
    await primary
      .collection('stores')
      .find({ _id: { $in: hidden } } as never)
      .toArray(),
  ];
  for (const id of hidden) {
    const database = direct.primary.db(`store_${id}`);
    const names = (await database.listCollections().toArray()).map(({ name }) => name).sort();
    for (const name of names) found.push(name, await database.collection(name).find().toArray());
  }
  const secondary = direct.secondary.db();
  for (const [name, field] of [
    ['products', 'store.id'],
    ['archive', 'store'],
    ['snapshots', 'store'],
    ['watermarks', '_id'],
  ] as const)
    found.push(
      await secondary
        .collection(name)
        .find({ [field]: { $in: hidden } })
        .sort({ _id: 1 })
        .toArray(),
    );
  found.push(
    await primary
      .collection('transfers')
      .find({ $or: [{ from: { $in: hidden } }, { to: { $in: hidden } }] })
      .toArray(),
  );
  return found;
}

/** The commands that the servers received, and the databases among them that do not belong to `company`. */
function foreignDatabases(company: string): string[] {
  const own = new Set(idsOf(company).map((id) => `store_${id}`));
  const home = (uri: string) => new URL(uri).pathname.slice(1);
  const isForeign =
    (commons: string[]) =>
    ({ database }: { database: string }) =>
      !commons.includes(database);
  const commons = ['admin', home(servers.primary), ...own];
  return [
    ...primaryProxy.commands.splice(0).filter(isForeign(commons)),
    ...secondaryProxy.commands.splice(0).filter(isForeign(['admin', home(servers.secondary)])),
  ].map(({ name, database }) => `${name} on ${database}`);
}

function poolsOf(company: string, name: string, dice: Dice): Pools {
  const all = idsOf(company);
  // Only stores that the fuzz has created are suspended or closed.
  const isHarsh = ['close-store', 'update-store', 'create-store'].includes(name);
  const others = [...hidden, idOf(company === 'ant' ? 'bee' : 'ant', 0), 'nowhere'];
  const usable = isHarsh
    ? all.slice(3)
    : [...all.slice(0, 3), ...all.slice(0, 3), ...all.slice(0, 5)];
  const stores = dice.chance(0.8) ? usable : [...usable, ...others];
  return {
    ...shared,
    store: stores,
    stores,
    from: stores,
    to: stores,
    id: stores,
    pair: pairs[company] ?? [],
    asset: ['page.js'],
  };
}

const PRODUCT = /"id":"([0-9a-f]{24})".*?"store":\{"id":"([^"]+)"/;

/** Remembers the ids in an answer, for later requests. */
function learn(company: string, body = ''): void {
  const keep = (pool: string[] = [], found: string | undefined) => {
    if (found && !pool.includes(found) && pool.push(found) > 60) pool.splice(10, 1);
  };
  keep(shared.cursor, /"next":"([^"]+)"/.exec(body)?.[1]);
  const [, product, store] = PRODUCT.exec(body) ?? [];
  if (store) keep(pairs[company], `${store}/${product}`);
  else if (body.includes('"version":'))
    keep(shared.head, /^\{("id":"[0-9a-f]{24}")/.exec(body)?.[1]?.replace(/"id":"(.*)"/, '/$1'));
}

it('answers every generated request as its contract declares', async () => {
  const dice = new Dice(seed);
  const counts: Record<string, Record<number, number>> = {};
  const faults: unknown[] = [];
  const list = [...operations];
  primaryProxy.commands.splice(0);
  secondaryProxy.commands.splice(0);
  for (let sent = 0; sent < total && faults.length < 20; sent += ROUND) {
    const company = sent % (2 * ROUND) === 0 ? 'ant' : 'bee';
    const caller = {
      subject: company,
      scopes: [...SCOPES],
      stores: `[${idsOf(company).join(' ')}]`,
    };
    const secrets = companies.filter((other) => other !== company).map(word);
    const requests = Array.from({ length: ROUND }, (_, n) => {
      const [name, operation] = list[(sent + n) % list.length] as (typeof list)[number];
      const pools = poolsOf(company, name, dice);
      return { name, operation, event: eventFor(operation, dice, { caller, pools }) };
    });
    const sendOne = async ({ name, operation, event }: (typeof requests)[number]) => {
      const result = await operation(event, contextOf(operation));
      const { statusCode = 0 } = result;
      counts[name] ??= {};
      counts[name][statusCode] = (counts[name][statusCode] ?? 0) + 1;
      const fault = faultIn(operation.contract, event.routeKey, result, secrets);
      if (fault) faults.push({ fault, name, event: short(event), result: short(result) });
      else learn(company, result.body);
    };
    await pMap(requests, sendOne, { concurrency: AT_ONCE });
    const foreign = foreignDatabases(company);
    if (foreign.length > 0)
      faults.push({ fault: 'asked for what is not theirs', company, foreign });
  }
  const isPolluted = 'polluted' in {};
  if (faults.length > 0 || isPolluted || process.env.FUZZ_REPORT)
    process.stderr.write(`FUZZ_SEED=${seed} ${JSON.stringify({ counts, faults }, null, 1)}\n`);
  expect(faults).toEqual([]);
  expect(isPolluted).toBe(false);
  expect(await allOfHidden()).toEqual(before);
}, 600_000);

const short = (value: object): string => JSON.stringify(value).slice(0, 3_000);
