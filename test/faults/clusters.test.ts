import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EmbeddedMongo, startEmbeddedMongo } from '@manystore/embedded-mongodb';
import mongoose, { mongo } from 'mongoose';
import { closeConnections, openClusters, storeHandleCount } from '#lib/connections.ts';
import { settings } from '#lib/runtime/settings.ts';
import { Registry } from '#lib/stores/record.ts';
import { handler as adjustStock } from '../../functions/adjust-stock.ts';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as closeStore } from '../../functions/close-store.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as createStore } from '../../functions/create-store.ts';
import { handler as getHealth } from '../../functions/get-health.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as publishProduct } from '../../functions/publish-product.ts';
import { handler as reportOverview } from '../../functions/report-overview.ts';
import { handler as rollOutIndexes } from '../../functions/roll-out-indexes.ts';
import { handler as syncMirror } from '../../functions/sync-mirror.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { clusterProxy, heal } from '../support/behind-proxies.ts';
import { captureLog } from '../support/captured-log.ts';
import { addProduct, aProduct, openStore } from '../support/catalog.ts';
import { call, callAgain, invoke } from '../support/gateway.ts';
import { closeDirect, expectMirrorOf, mirrored, registry } from '../support/mirror.ts';
import { run } from '../support/settings.ts';
import { WireProxy } from '../support/wire-proxy.ts';

// A store stays in the container's cache for the whole file.
process.env.STORE_FRESH_MS = '300000';
process.env.POWERTOOLS_LOG_LEVEL = 'INFO';
process.env.POWERTOOLS_METRICS_DISABLED = 'false';

const log = captureLog();
afterAll(closeDirect);

const strings = () => settings().clusters.strings as Map<string, string>;
const onEu = { cluster: 'eu-1' };

/** Two stores with a product, one on the primary and one on another cluster. */
async function twoStores() {
  const here = (await addProduct({ store: await openStore() })).path;
  const there = (await addProduct({ store: await openStore(onEu) })).path;
  return { here, there, stores: [here.store, there.store] as string[] };
}

describe('a container', () => {
  it('opens no cluster for a store on the primary, and one for concurrent requests of another', async () => {
    const { here, there } = await twoStores();
    await closeConnections();
    expect(await call(getProduct, { path: here })).toMatchObject({ status: 200 });
    expect(openClusters()).toEqual([]);
    const before = mongoose.connections.length;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call(getProduct, { path: there })),
    );
    for (const answer of answers) expect(answer).toMatchObject({ status: 200 });
    expect(openClusters()).toEqual(['eu-1']);
    expect(mongoose.connections).toHaveLength(before + 1);
    const { poolSize } = settings().clusters;
    const [connection] = mongoose.connections.slice(-1);
    expect(connection?.getClient().options.maxPoolSize).toBe(poolSize);
    // One for the store on the primary, and one for the other.
    expect(storeHandleCount()).toBe(2);
  });

  it('keeps at most CLUSTER_LIMIT clusters, and closes the least recently used one first', async () => {
    const { limit } = settings().clusters;
    const names = Array.from({ length: limit + 3 }, (_, n) => `many-${n}`);
    for (const name of names) strings().set(name, clusterProxy.uri);
    const paths = new Map<string, Record<string, string>>();
    for (const name of names)
      paths.set(name, (await addProduct({ store: await openStore({ cluster: name }) })).path);
    const connections = mongoose.connections.length;
    const sockets = clusterProxy.open;
    log.clear();
    for (let round = 0; round < 3; round++)
      for (const path of paths.values()) {
        expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
        expect(openClusters().length).toBeLessThanOrEqual(limit);
      }
    expect(openClusters()).toEqual(names.slice(-limit));
    expect(mongoose.connections).toHaveLength(connections);
    expect(clusterProxy.open).toBeLessThanOrEqual(sockets);
    expect(log.text).toContain('"connection":"cluster","event":"evicted","ConnectionEvents":1');
    expect(log.text).not.toContain('"level":"WARN"');
    for (const name of names) strings().delete(name);
    await closeConnections();
  });
});

describe('while a cluster does not respond', () => {
  let here: Record<string, string>;
  let there: Record<string, string>;
  let stores: string[];
  beforeAll(async () => {
    ({ here, there, stores } = await twoStores());
    clusterProxy.decide = () => 'hold';
  });
  afterAll(heal);

  it('answers 503 for its stores, without a command once that is known, and 200 for others', async () => {
    const slow = await call(getProduct, { path: there, timeLeft: 1_500 });
    expect(slow).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } });
    // The ping after the failure has no response either.
    expect(await call(getProduct, { path: there })).toMatchObject({ status: 503 });
    const probing = call(getProduct, { path: there });
    const before = clusterProxy.commands.length;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call(getProduct, { path: there })),
    );
    for (const { status, headers, body } of answers) {
      expect([status, headers['retry-after']]).toEqual([503, expect.any(String)]);
      expect(JSON.stringify(body)).not.toContain('eu-1');
    }
    expect(clusterProxy.commands).toHaveLength(before);
    expect(await call(getProduct, { path: here })).toMatchObject({ status: 200 });
    const path = { store: here.store as string };
    expect(await call(createProduct, { path, body: aProduct() })).toMatchObject({ status: 201 });
    expect(await probing).toMatchObject({ status: 503 });
  });

  it('reports the service as degraded with 200, and names no cluster', async () => {
    const { status, body } = await call(getHealth);
    expect([status, body.status, body.clusters]).toEqual([200, 'degraded', { up: 0, down: 1 }]);
    expect(JSON.stringify(body)).not.toContain('eu-1');
  });

  it('lists the cluster as missing in the overview with 200, with the number of its stores', async () => {
    const count = await Registry.countDocuments({ cluster: 'eu-1' });
    const { status, body } = await call(reportOverview);
    expect([status, body.missing]).toEqual([200, []]);
    const ms = expect.any(Number);
    const eu = { name: 'eu-1', stores: count, ms, status: 'missing' };
    expect(body.clusters).toContainEqual({ ...eu, reason: 'The cluster is not responding.' });
    const narrow = await call(reportOverview, { caller: { stores: `[${here.store}]` } });
    expect(narrow.body.clusters).toEqual([]);
  });

  it('publishes to the stores on others, and names those that it skipped', async () => {
    const head = (await addProduct({})).path;
    const { status, body } = await call(publishProduct, { path: head, body: { stores } });
    expect(status).toBe(200);
    expect(body.results).toEqual([
      { store: here.store, result: 'created' },
      { store: there.store, result: 'failed', reason: expect.stringMatching(/not responding/) },
    ]);
  });

  it('syncs the stores on others to the mirror, and names those that it skipped', async () => {
    expect(await invoke(syncMirror, { stores })).toMatchObject({
      stores: 1,
      failed: 1,
      failures: [{ store: there.store, reason: "The store's database is not responding." }],
    });
    await expectMirrorOf([here.store as string]);
  });

  it('rolls out indexes to the stores on others, and names those that it skipped', async () => {
    await mongoose.connection.useDb(`store_${here.store}`).collection('products').dropIndexes();
    const { places, next, total, checked } = await invoke(rollOutIndexes, { mode: 'apply' });
    expect([next, checked]).toEqual([null, total]);
    const resultOf = ({ store }: Record<string, string>) =>
      places.find(({ place }: { place: string }) => place === `store_${store}`);
    expect(resultOf(here)).toMatchObject({ result: 'done' });
    const reason = 'the server is not responding';
    expect(resultOf(there)).toMatchObject({ result: 'failed', reason });
  });

  it('answers 503 to the closing of one of its stores, and does not drop its registry entry', async () => {
    const path = { store: there.store as string };
    expect(await call(closeStore, { path })).toMatchObject({ status: 503 });
    expect(await Registry.findById(there.store).lean()).toMatchObject({ status: 'closing' });
  });

  it('serves its stores again with 200 after it has come back', async () => {
    await heal();
    const path = { store: there.store as string };
    expect(await callAgain(getProduct, { path: there })).toMatchObject({ status: 200 });
    expect(await invoke(syncMirror, { stores })).toMatchObject({ stores: 2, failed: 0 });
    await expectMirrorOf(stores);
    const { body } = await call(reportOverview);
    expect(body.clusters).toContainEqual(expect.objectContaining({ status: 'answered' }));
    expect(await call(closeStore, { path })).toMatchObject({ status: 200 });
  });
});

describe('a store whose cluster has no connection string', () => {
  it('answers 503 and raises an alarm, and nobody else notices', async () => {
    const { here, there, stores } = await twoStores();
    strings().delete('eu-1');
    log.clear();
    const { status, headers, body } = await call(getProduct, { path: there });
    expect([status, headers['retry-after']]).toEqual([503, expect.any(String)]);
    expect(JSON.stringify(body)).not.toContain('eu-1');
    const lines = log.text.split('\n').filter((line) => line.includes('cluster.unavailable'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'ERROR', cluster: 'eu-1' },
    ]);
    expect(log.text).toMatch(/"connection":"cluster","event":"unavailable","ConnectionEvents":1/);
    expect(await call(getProduct, { path: here })).toMatchObject({ status: 200 });
    const reason = "The store's database is not responding.";
    expect(await invoke(syncMirror, { stores })).toMatchObject({
      stores: 1,
      failed: 1,
      failures: [{ store: there.store, reason }],
    });
    strings().set('eu-1', clusterProxy.uri);
    expect(await call(getProduct, { path: there })).toMatchObject({ status: 200 });
  });
});

describe('a store behind a user of its own', () => {
  const id = `own-${run}`;
  const database = `store_${id}`;
  const path = { store: id };
  let server: EmbeddedMongo;
  const as = (user: string, pwd: string) =>
    server.uri.replace('mongodb://', `mongodb://${user}:${pwd}@`);
  beforeAll(async () => {
    const roles = ['readWrite', 'dbAdmin'].map((role) => ({ role, db: database }));
    server = await startEmbeddedMongo({
      users: [
        { user: 'own', pwd: 'first', roles },
        { user: 'root', pwd: 'root', roles: ['root'] },
      ],
    });
    strings().set('own', as('own', 'first'));
  });
  afterAll(async () => {
    strings().delete('own');
    await closeConnections();
    await server.stop();
  });

  it('works with rights for its database alone', async () => {
    const body = { id, name: 'Own', currency: 'EUR', cluster: 'own' };
    const created = await call(createStore, { body });
    expect(created).toMatchObject({ status: 201, body: { cluster: 'own' } });
    const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });
    const added = await call(createProduct, { path, body: aProduct(), ...keyed('added') });
    const product = { store: id, product: added.body.id };
    expect(await call(getProduct, { path: product })).toMatchObject({ status: 200 });
    const sale = await call(adjustStock, { path: product, body: { by: -2 }, ...keyed('sold') });
    expect(sale).toMatchObject({ status: 200, body: { stock: 10 } });
    expect(await call(listProducts, { path })).toMatchObject({ status: 200 });
    expect(await invoke(syncMirror, { stores: [id] })).toMatchObject({ stores: 1, failed: 0 });
    // Its changes cannot be marked, so it is queried by every sync.
    const later = { $set: { updatedAt: new Date(Date.now() - 3_600_000) } };
    await registry().updateOne({ _id: id }, later);
    await invoke(syncMirror, { stores: [id] });
    const renamed = await call(updateProduct, { path: product, body: { name: 'Renamed' } });
    expect(renamed).toMatchObject({ status: 200 });
    await invoke(syncMirror);
    expect(await mirrored('products').findOne({ 'store.id': id })).toMatchObject({
      name: 'Renamed',
    });
    expect(await call(archiveProduct, { path: product })).toMatchObject({ status: 204 });
    // Its user has no rights for the cluster's own database, which therefore has no collections.
    const { places } = await invoke(rollOutIndexes, { mode: 'plan' });
    expect(places).not.toContainEqual(expect.objectContaining({ place: 'own' }));
  });

  it('has a user that reads nothing else', async () => {
    const user = await mongo.MongoClient.connect(as('own', 'first'));
    for (const other of [`store_other-${run}`, 'manystore', 'admin'])
      await expect(user.db(other).collection('products').findOne()).rejects.toMatchObject({
        code: 13,
      });
    await user.close();
  });

  const changePassword = async (pwd: string) => {
    const root = await mongo.MongoClient.connect(as('root', 'root'));
    await root.db('admin').command({ updateUser: 'own', pwd });
    await root.close();
  };
  const rejected = { status: 503, headers: { 'retry-after': expect.any(String) } };

  it('answers 503 while its password is wrong, and 200 with the new one', async () => {
    await changePassword('second');
    await closeConnections();
    expect(await call(listProducts, { path })).toMatchObject(rejected);
    strings().set('own', as('own', 'second'));
    expect(await call(listProducts, { path })).toMatchObject({ status: 200 });
  });

  it('answers 503 when its open connection is rejected, raises an alarm, and 200 with the new password', async () => {
    const proxy = await new WireProxy(server.uri).listen();
    const through = (pwd: string) => proxy.uri.replace('mongodb://', `mongodb://own:${pwd}@`);
    strings().set('own', through('second'));
    expect(await call(listProducts, { path })).toMatchObject({ status: 200 });
    await changePassword('third');
    proxy.cut();
    log.clear();
    expect(await call(listProducts, { path })).toMatchObject(rejected);
    expect(log.text).toContain('"connection":"cluster","event":"unavailable","ConnectionEvents":1');
    strings().set('own', through('third'));
    expect(await call(listProducts, { path })).toMatchObject({ status: 200 });
    strings().set('own', as('own', 'third'));
    expect(await call(listProducts, { path })).toMatchObject({ status: 200 });
    await proxy.shut();
  });

  it('is closed with 200, and its database dropped', async () => {
    expect(await call(closeStore, { path })).toMatchObject({ status: 200 });
    const root = await mongo.MongoClient.connect(as('root', 'root'));
    const { databases } = await root.db().admin().listDatabases();
    expect(databases.map(({ name }) => name)).not.toContain(database);
    await root.close();
  });
});
