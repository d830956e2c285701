import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Connection, createConnection, mongo, Schema, Types } from 'mongoose';
import pMap from 'p-map';
import type { Server } from '#lib/runtime/servers.ts';
import { amountOf } from '../../local/adoption/amount.ts';
import { recordFrom } from '../../local/adoption/archive-record.ts';
import { storeIds } from '../../local/adoption/store-ids.ts';
import { FROM_SOURCE } from '../../local/from-source.ts';
import { withDatabase } from '../../local/with-database.ts';
import {
  failToStart,
  freePort,
  runLocal,
  type Service,
  startEmptyService,
} from '../support/service.ts';
import { run, servers } from '../support/settings.ts';

/*
 * `npm run adopt`, on databases that are filled with mongoose and the schema of MongoDB's tutorial. Their names contain
 * that of this run, and the prefix of the stores' databases is chosen accordingly.
 */

const prefix = `old-${run}-Store`;
const ids = { a: `old-${run}-store-a`, b: `old-${run}-store-b` };
const shop = `old-${run}-shop`;
const attic = `old-${run}-attic`;
const bulk = `old-${run}-bulk`;
/** More than two requests to import-products. */
const MANY = 2_500;

const tutorialSchema = (options: object) =>
  new Schema(
    {
      store: { _id: Types.ObjectId, name: String },
      name: String,
      price: Number,
      category: String,
      description: String,
    },
    { collection: 'products', ...options },
  );

const products = [
  { name: 'Laptop Pro', price: 1299.99, category: 'Electronics', description: 'For professionals' },
  { name: 'Wireless Headphones', price: 199.99, category: 'Electronics' },
  { name: 'Café Table', price: 89 },
];

/** Documents that no product can be made from, with what is wrong. They are written without mongoose, which casts prices. */
const faulty: [mongo.Document, RegExp][] = [
  [{ name: 'Not A Number', price: Number.NaN }, /\/price is not a finite number/],
  [{ name: 'Negative', price: -1 }, /\/price is negative: -1/],
  [{ name: 'No Price' }, /\/price is missing/],
  [{ name: 'A Text', price: '$19.99' }, /\/price is a text that is not a decimal number/],
  [{ name: 'Too Exact', price: 19.995 }, /\/price has more than 2 decimals: 19.995/],
  [{ name: 'Laptop  PRO', price: 1 }, /another document has the SKU laptop-pro/],
  [{ name: '!!!', price: 1 }, /\/name has no letter or digit for a SKU/],
  [{ price: 1 }, /\/name is required/],
];
const unusual = [
  { name: 'Decimal', price: mongo.Decimal128.fromString('12.50') },
  { name: 'Plain Text', price: '7.05', extraField: 'not copied' },
];

let service: Service;
let folder: string;
const clients = {} as Record<Server, mongo.MongoClient>;

/** Writes a file like the tutorial's `.env`, and returns its path. */
async function envFile(name: string, uris: Partial<Record<Server, string>>): Promise<string> {
  const file = join(folder, name);
  const lines = Object.entries(uris).map(
    ([server, uri]) => `${server.toUpperCase()}_CONN_STR="${uri}"\n`,
  );
  await writeFile(file, lines.join(''));
  return file;
}

/** Fills databases as the tutorial's code does. */
async function fill(): Promise<void> {
  const open = (server: Server, database: string) =>
    createConnection(withDatabase(servers[server], database)).asPromise();
  const primary = await open('primary', shop);
  const secondary = await open('secondary', attic);
  const model = (connection: Connection, options = {}) =>
    connection.model('Product', tutorialSchema(options));
  const head = model(primary);
  await head.insertMany(products);
  await head.insertMany([
    { name: 'Desk', price: 99.5, store: { _id: new Types.ObjectId(), name: 'Store A' } },
  ]);
  await model(secondary, { strict: false }).insertMany(
    products.map((product) => ({ ...product, extraField: { kept: true }, timestamp: new Date(0) })),
  );
  const inStore = (id: string) => secondary.useDb(`${prefix}${id}`, { useCache: true });
  const storeA = products.map((product) => ({ ...product, store: { name: 'Store A' } }));
  const modelA = model(inStore('A'));
  await modelA.insertMany(storeA);
  for (const [document] of faulty) await modelA.collection.insertOne({ ...document });
  for (const document of unusual) await modelA.collection.insertOne({ ...document });
  await model(inStore('B')).insertMany([{ name: 'Gaming Chair', price: 299.99 }]);
  const many = Array.from({ length: MANY }, (_, n) => ({ name: `Product ${n}`, price: n / 100 }));
  const large = await open('primary', bulk);
  await model(large).insertMany(many);
  for (const connection of [primary, secondary, large]) await connection.close();
}

/** Returns all documents of this run's databases, without the collections that the scheduled tasks write. */
async function everything(): Promise<string> {
  const found: string[] = [];
  for (const client of Object.values(clients)) {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    for (const name of databases.map((database) => database.name).sort()) {
      if (!name.includes(run) || name.endsWith('-secondary')) continue;
      for (const { collectionName } of await client.db(name).collections()) {
        const all = await client.db(name).collection(collectionName).find().toArray();
        found.push(`${name}.${collectionName} ${mongo.BSON.EJSON.stringify(all)}`);
      }
    }
  }
  return found.sort().join('\n');
}

const adopt = (...args: string[]) =>
  runLocal('adopt.ts', { args: ['--url', service.url, '--token', service.token, ...args] });

async function itemsOf(path: string): Promise<ReturnType<typeof JSON.parse>[]> {
  const { items } = (await (await service.fetch(path)).json()) as { items: [] };
  return items;
}

let flags: string[];
let bulkFlags: string[];

describe('the databases of the tutorial', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adopt-'));
    for (const server of ['primary', 'secondary'] as const)
      clients[server] = await mongo.MongoClient.connect(servers[server]);
    await fill();
    const common = ['--currency', 'USD', '--prefix', prefix];
    const old = {
      primary: withDatabase(servers.primary, shop),
      secondary: withDatabase(servers.secondary, attic),
    };
    flags = ['--from', await envFile('old.env', old), ...common, '--archive', ids.b];
    const large = { primary: withDatabase(servers.primary, bulk) };
    bulkFlags = ['--from', await envFile('bulk.env', large), ...common];
    service = await startEmptyService();
  }, 120_000);
  afterAll(async () => {
    await service?.stop();
    for (const client of Object.values(clients)) await client.close();
    await rm(folder, { recursive: true });
  }, 120_000);

  describe('npm run adopt', () => {
    it('says what it would do without --apply, and writes nothing', async () => {
      const before = await everything();
      const { code, stdout, stderr } = await adopt(...flags);
      expect(stdout).toContain(`store ${ids.a}: "Store A", would be created\n`);
      expect(stdout).toContain('/products: 3 products\n');
      expect(stdout).toMatch(
        /for example [\da-f]{24} as laptop-pro: Laptop Pro, 129999 USD in minor units\n/,
      );
      expect(stdout).toContain(
        `/stores/${ids.a}/products: 6 products, ${faulty.length} left out\n`,
      );
      for (const [, reason] of faulty)
        expect(stdout).toMatch(new RegExp(`left out: [\\da-f]{24}: ${reason.source}`));
      expect(stdout).toContain('products do not have it: extraField (1)\n');
      expect(stdout).toContain(`/stores/${ids.b}/archive: 3 records\n`);
      expect(stdout).toMatch(
        /\n10 products and 3 archived records would be copied, 8 documents left out\. Nothing was written: .*\n$/,
      );
      expect([code, stderr]).toEqual([1, expect.stringContaining('(100 %')]);
      expect(await everything()).toBe(before);
    }, 120_000);

    it('copies the products with --apply, and serves them', async () => {
      const { code, stdout } = await adopt(...flags, '--apply');
      expect(stdout).toContain(`store ${ids.a}: "Store A", created\n`);
      expect(stdout).toContain(
        `/stores/${ids.a}/products: 6 products, 6 created, 0 updated, 0 unchanged, 8 left out\n`,
      );
      expect(code).toBe(1);
      expect(await itemsOf('/products?sort=name')).toMatchObject([
        { sku: 'cafe-table', name: 'Café Table', price: { amount: 8_900, currency: 'USD' } },
        { sku: 'laptop-pro', category: 'Electronics', description: 'For professionals' },
        { sku: 'wireless-headphones', price: { amount: 19_999 } },
      ]);
      const inA = await itemsOf(`/stores/${ids.a}/products?sort=price`);
      expect(inA.map(({ sku, price }) => [sku, price.amount])).toEqual([
        ['plain-text', 705],
        ['decimal', 1_250],
        ['cafe-table', 8_900],
        ['desk', 9_950],
        ['wireless-headphones', 19_999],
        ['laptop-pro', 129_999],
      ]);
      const archived = await itemsOf(`/stores/${ids.b}/archive`);
      expect(archived).toHaveLength(3);
      expect(archived[0]).toMatchObject({
        extraField: { kept: true },
        timestamp: '1970-01-01T00:00:00.000Z',
      });
    }, 120_000);

    it('changes nothing when it is repeated', async () => {
      const before = await everything();
      const { stdout } = await adopt(...flags, '--apply');
      expect(stdout).toContain(`store ${ids.a}: "Store A", exists\n`);
      expect(stdout).toContain(
        `/stores/${ids.a}/products: 6 products, 0 created, 0 updated, 6 unchanged, 8 left out\n`,
      );
      expect(await itemsOf(`/stores/${ids.b}/archive`)).toHaveLength(3);
      expect(await everything()).toBe(before);
    }, 120_000);

    it('completes the work of a run that was killed while a request was running', async () => {
      // It passes requests on, and kills the command when the second import has succeeded, before it gets the response.
      let imports = 0;
      const proxy = createServer(async (request, response) => {
        const path = request.url ?? '';
        const answer = await fetch(`${service.url}${path}`, {
          method: request.method ?? 'GET',
          headers: request.headers as Record<string, string>,
          ...(request.method === 'POST' ? { body: await buffer(request) } : {}),
        });
        if (path.endsWith('/import')) imports += 1;
        if (imports === 2) child.kill('SIGKILL');
        else response.writeHead(answer.status).end(await answer.text());
      });
      await once(proxy.listen(0, 'localhost'), 'listening');
      const url = `http://localhost:${(proxy.address() as AddressInfo).port}`;
      const args = [...bulkFlags, '--apply', '--sku', 'id'];
      const command = ['local/adopt.ts', '--url', url, '--token', service.token, ...args];
      const child = spawn(process.execPath, [...FROM_SOURCE, ...command], { stdio: 'ignore' });
      const [, signal] = await once(child, 'close');
      expect(signal).toBe('SIGKILL');
      proxy.closeAllConnections();
      proxy.close();

      const { code, stdout } = await adopt(...args);
      expect([code, stdout]).toEqual([
        0,
        expect.stringContaining(
          `/products: ${MANY} products, 500 created, 0 updated, 2000 unchanged\n`,
        ),
      ]);
      const head = clients.primary.db(new URL(servers.primary).pathname.slice(1));
      expect(await head.collection('products').countDocuments()).toBe(MANY + products.length);
    }, 120_000);

    it('prints one line when it refuses to copy, and reveals no password', async () => {
      const own = await envFile('own.env', { primary: servers.primary });
      const nobody = `mongodb://127.0.0.1:${await freePort()}/?serverSelectionTimeoutMS=500`;
      const uri = nobody.replace('//', '//user:s3cr3t@');
      const unreachable = await envFile('unreachable.env', { primary: uri });
      const empty = await envFile('empty.env', {
        primary: withDatabase(servers.primary, `old-${run}-none`),
      });
      const usd = ['--currency', 'USD', '--prefix', prefix];
      const refused: [string[], RegExp][] = [
        [['--from', own, ...usd], /contains products of Manystore itself, such as/],
        [[...flags, '--currency', 'JPY', '--apply'], /exists and has the currency USD/],
        [[...flags, '--store', 'StoreZ=z'], /^--store: there is no "StoreZ"; expected one of/],
        [['--from', unreachable, ...usd], /^The server in PRIMARY_CONN_STR of .* does not respond/],
        [['--from', empty, ...usd], /have no products/],
        [['--from', join(folder, 'none'), ...usd], /^Cannot read .*none/],
      ];
      const results = await pMap(refused, ([args]) => adopt(...args), { concurrency: 3 });
      for (const [n, { code, stdout, stderr }] of results.entries()) {
        expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^[^\n]+\n$/)]);
        expect(stderr).toMatch(refused[n]?.[1] as RegExp);
        expect(stderr).not.toContain('s3cr3t');
      }
    }, 120_000);

    it('prints one line when the service contains documents of another program', async () => {
      const head = clients.primary.db(new URL(servers.primary).pathname.slice(1));
      const { insertedId } = await head.collection('products').insertOne({ name: 'A', price: 1 });
      const { code, stdout, stderr } = await adopt(...flags);
      await head.collection('products').deleteOne({ _id: insertedId });
      expect([code, stdout, stderr]).toEqual([
        1,
        '',
        expect.stringMatching(/^The service cannot read its own products .*\n$/),
      ]);
    }, 120_000);

    it('prints one line and its usage when it gets arguments that it does not accept', async () => {
      const wrong: [string[], RegExp][] = [
        [['--from', '.env', '--currency', 'dollars'], /^Set --currency to/],
        [['--from', '.env', '--currency', 'USD', '--store', 'a'], /^--store must/],
        [['--force'], /^Unknown option '--force'/],
      ];
      const results = await pMap(wrong, ([args]) => runLocal('adopt.ts', { args }), {
        concurrency: 3,
      });
      for (const [n, { code, stdout, stderr }] of results.entries()) {
        expect([code, stdout]).toEqual([1, '']);
        expect(stderr).toMatch(/^[^\n]+\nusage: npm run adopt -- [^\n]+\n$/);
        expect(stderr).toMatch(wrong[n]?.[1] as RegExp);
      }
    }, 120_000);
  });

  describe('npm start', () => {
    it.each(['primary', 'secondary'] as const)(
      'prints one line that names npm run adopt when the %s database was filled by the tutorial',
      async (server) => {
        const env = {
          PRIMARY_CONN_STR: servers.primary,
          SECONDARY_CONN_STR: servers.secondary,
          [`${server.toUpperCase()}_CONN_STR`]: withDatabase(
            servers[server],
            server === 'primary' ? shop : attic,
          ),
        };
        const { code, output } = await failToStart({ env });
        expect([code, output]).toEqual([
          1,
          expect.stringMatching(
            /^The database in \w+_CONN_STR contains documents .* such as [\da-f]{24} in \S+\.products\. .*npm run adopt.*\n$/,
          ),
        ]);
      },
    );
  });
});

describe('amountOf()', () => {
  const usd = { digits: 2, round: false };

  it.each([
    [19.99, 1_999],
    [0.07, 7],
    [1.1 + 2.2, 330],
    [-0, 0],
    [1e21, 1e23],
    [mongo.Long.fromString('12'), 1_200],
    [mongo.Decimal128.fromString('1.999E+1'), 1_999],
    [mongo.Decimal128.fromString('-0'), 0],
    ['19.990', 1_999],
    [' 5 ', 500],
  ])('converts %p to %p minor units', (price, amount) => {
    expect(amountOf(price, usd)).toEqual({ amount });
  });

  it.each([
    [19.995, /^has more than 2 decimals: 19.995$/],
    [mongo.Decimal128.fromString('0.001'), /^has more than 2 decimals/],
    [mongo.Decimal128.fromString('NaN'), /^is not a finite number/],
    [Number.POSITIVE_INFINITY, /^is not a finite number/],
    [-0.01, /^is negative/],
    ['1,299.99', /^is a text that is not/],
    ['1e99', /^is a text that is not/],
    [null, /^is missing$/],
    [[1], /^is not a number$/],
    [{ amount: 1 }, /^is not a number$/],
  ])('says what is wrong with %p', (price, fault) => {
    expect(amountOf(price, usd)).toEqual({ fault: expect.stringMatching(fault) });
  });

  it('rounds half away from zero on demand, and knows currencies without decimals', () => {
    expect(amountOf(19.995, { digits: 2, round: true })).toEqual({ amount: 2_000 });
    expect(amountOf(19.994, { digits: 2, round: true })).toEqual({ amount: 1_999 });
    expect(amountOf(1_500, { digits: 0, round: false })).toEqual({ amount: 1_500 });
    expect(amountOf(15.5, { digits: 0, round: false })).toHaveProperty('fault');
  });
});

describe('storeIds()', () => {
  it.each([
    ['StoreA', 'store-a'],
    ['Store B', 'store-b'],
    ['store_c', 'store-c'],
    ['Store65f0a1b2c3d4e5f6a7b8c9d0', 'store65f0a1b2c3d4e5f6a7b8c9d0'],
    ['StoreÉtoile', 'store-etoile'],
  ])('makes an id from %s', (name, id) => {
    expect(storeIds([name], new Map())).toEqual(new Map([[name, id]]));
  });

  it.each([[['StoreA', 'store-a']], [['StoreA', 'Store A']]])(
    'rejects %j, which give the same id',
    (names) => {
      expect(() => storeIds(names, new Map())).toThrow(/both give the store id store-a/);
      const second = new Map([[names[1] ?? '', 'store-2']]);
      expect([...storeIds(names, second).values()]).toEqual(['store-a', 'store-2']);
      const merged = new Map(names.map((name) => [name, 'merged']));
      expect([...storeIds(names, merged).values()]).toEqual(['merged', 'merged']);
    },
  );

  it.each(['Store日本', '!', 'Store'.repeat(7)])('rejects %s, which gives no valid id', (name) => {
    expect(() => storeIds([name], new Map())).toThrow(/gives no valid store id/);
  });
});

describe('recordFrom()', () => {
  it('keeps every member, with values that JSON has', () => {
    const _id = new mongo.ObjectId();
    const document = { _id, price: Number.NaN, at: new Date(0), list: [{ n: 1 }], none: null };
    const exact = mongo.Decimal128.fromString('1.10');
    const result = recordFrom({ ...document, exact });
    expect(JSON.parse((result as { json: string }).json)).toEqual({
      ...{ _id: _id.toHexString(), price: 'NaN', at: '1970-01-01T00:00:00.000Z' },
      ...{ list: [{ n: 1 }], none: null, exact: '1.10' },
    });
  });

  it('says what the archive does not accept', () => {
    expect(recordFrom({ _id: 1, _archive: 1 })).toEqual({
      fault: expect.stringContaining('_archive'),
    });
  });
});
