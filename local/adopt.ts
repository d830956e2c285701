import { parseArgs } from 'node:util';
import { currency as currencyCode } from '#lib/http/parts.ts';
import { copyDocuments, NO_STORE } from './adoption/copying.ts';
import { openOldDatabases } from './adoption/old-databases.ts';
import { createStores, planStores, type StorePlan } from './adoption/stores.ts';
import { OUTCOMES, type Tally } from './adoption/tally.ts';
import { runCommand, UsageError } from './command.ts';
import { showProgress } from './progress.ts';
import { hasSampleCatalog } from './sample-catalog.ts';
import { get, requireService, type Service, urlOf } from './service.ts';
import { fetchToken, issuerOf } from './token-request.ts';

/*
 * `npm run adopt`: copies the databases that the code of MongoDB's tutorial filled into the running service, through its
 * API. Without `--apply`, it only says what it would do. The old databases are only read. See docs/from-the-tutorial.md.
 */

const ABOUT = `Copies the products that the code of MongoDB's tutorial stored into the running service. Without --apply, it prints what
it would do, and writes nothing. It can be repeated. It never changes the old databases.

  --from FILE       the .env file of the old application, with PRIMARY_CONN_STR and SECONDARY_CONN_STR
  --currency CODE   the currency of the old prices, which do not contain it: an ISO 4217 code such as USD
  --apply           copies the products
  --sku name|id     what a SKU is made from: the product's name (the default), or its _id
  --round           rounds prices with more decimals than the currency has, instead of leaving these products out
  --archive ID      the store whose archive gets the secondary's records that name no store
  --store NAME=ID   the id of the store in the old database NAME; repeat it for several
  --prefix TEXT     what the names of the stores' databases begin with: Store by default
  --url URL         the service: http://localhost:3000 by default
  --token TOKEN     an access token; by default, one of the issuer of npm start

The exit code is 0 if every document is copied, or would be, and 1 otherwise.`;

const SCOPES = [
  ...['stores:admin', 'stores:read', 'products:read', 'products:write'],
  ...['archive:write', 'reports:read'],
];

async function adopt(): Promise<number> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      currency: { type: 'string' },
      apply: { type: 'boolean', default: false },
      sku: { type: 'string', default: 'name' },
      round: { type: 'boolean', default: false },
      archive: { type: 'string' },
      store: { type: 'string', multiple: true, default: [] },
      prefix: { type: 'string', default: 'Store' },
      url: { type: 'string' },
      token: { type: 'string' },
    },
  });
  const { from, currency, apply, sku, round, archive, prefix } = values;
  if (from === undefined)
    throw new UsageError('Set --from to the .env file of the old application');
  if (currency === undefined || !currencyCode.safeParse(currency).success)
    throw new UsageError('Set --currency to the ISO 4217 code of the old prices, such as USD');
  if (sku !== 'name' && sku !== 'id') throw new UsageError('--sku must be name or id');
  if (prefix === '') throw new UsageError('--prefix must not be empty');
  const chosen = new Map(values.store.map(choiceIn));

  const service = await serviceAt(urlOf(values.url), values.token);
  await requireReady(service);
  await using old = await openOldDatabases(from, prefix);
  const collections = [old.catalog, ...old.stores, old.archive].filter((it) => it !== undefined);
  if (collections.length === 0)
    throw new Error(`The databases in ${from} have no products: neither their own, nor ${prefix}…`);
  const plan = await planStores(service, old, { chosen, archive, currency });
  if (apply) await createStores(service, plan, currency);
  const total = collections.reduce((sum, { count }) => sum + count, 0);
  const progress = showProgress('documents', total);
  const conversion = { currency, digits: decimalsOf(currency), round, sku } as const;
  const tallies = await copyDocuments({
    ...{ service, old, plan, conversion, archive, apply, progress },
  }).finally(progress.end);
  return report(plan, tallies, apply);
}

/** Returns the name and the id in `NAME=ID`. */
function choiceIn(text: string): [name: string, id: string] {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) throw new UsageError('--store must be NAME=ID');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Returns the number of decimals of a currency in ISO 4217. */
const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits ?? 2;

async function serviceAt(url: string, token: string | undefined): Promise<Service> {
  await requireService(url);
  return {
    url,
    token: token ?? (await fetchToken(issuerOf(url), { stores: ['*'], scopes: SCOPES })),
  };
}

/**
 * Requires that the service can receive the documents.
 *
 * @throws {Error} when its collections contain documents of another program, or the sample catalog
 */
async function requireReady(service: Service): Promise<void> {
  for (const path of ['/products?limit=1', '/search?limit=1'])
    if ((await get(service, path, [500])).status === 500)
      throw new Error(
        `The service cannot read its own products (GET ${path} returned 500): its databases seem to be the old ones. ` +
          'Choose other databases in PRIMARY_CONN_STR and SECONDARY_CONN_STR, and start it again',
      );
  if (await hasSampleCatalog(service))
    throw new Error(
      'The service contains the sample catalog, whose stores could be mixed with the old ones. Start it on empty ' +
        'databases with npm start -- --empty',
    );
}

/** Prints what happens to the documents, and returns the exit code. */
function report(plan: StorePlan, tallies: Map<string, Tally>, apply: boolean): number {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const totals = { products: 0, records: 0, leftOut: 0 };
  for (const { id, name, isNew } of plan.stores)
    print(`store ${id}: ${JSON.stringify(name)}, ${stateOf(isNew, apply)}`);
  for (const [path, tally] of tallies) {
    const isArchive = path === NO_STORE || path.endsWith('/archive');
    totals[isArchive ? 'records' : 'products'] += tally.accepted;
    totals.leftOut += tally.leftOut;
    print(`${path || 'no archive'}: ${outcomesOf(tally, isArchive, apply)}`);
    print(`  from ${[...tally.from].join(', ')}`);
    for (const line of tally.lines()) print(`  ${line}`);
  }
  const { products, records, leftOut } = totals;
  const counts = `${products} products and ${records} archived records`;
  print(
    apply
      ? `${counts} copied, ${leftOut} documents left out`
      : `${counts} would be copied, ${leftOut} documents left out. Nothing was written: add --apply to copy them`,
  );
  return leftOut > 0 ? 1 : 0;
}

const stateOf = (isNew: boolean, apply: boolean): string => {
  if (!isNew) return 'exists';
  return apply ? 'created' : 'would be created';
};

function outcomesOf({ accepted, leftOut, counts }: Tally, isArchive: boolean, apply: boolean) {
  const outcomes = OUTCOMES.map((outcome) => `${counts[outcome]} ${outcome}`);
  return [
    `${accepted} ${isArchive ? 'records' : 'products'}`,
    ...(apply && !isArchive ? outcomes : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
  ].join(', ');
}

await runCommand({
  usage: 'npm run adopt -- --from FILE --currency CODE [--apply]',
  about: ABOUT,
  main: adopt,
});
