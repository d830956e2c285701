import { readdir, readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import mongoose from 'mongoose';

const servers = await Promise.all([startEmbeddedMongo(), startEmbeddedMongo()]);
const [first, second] = servers;
const settings = {
  MONGODB_URI: first.uri,
  SHOP_URI: first.uri,
  ARCHIVE_URI: second.uri,
  CLUSTERS: JSON.stringify({ acme: first.uri, globex: second.uri }),
};

// The examples read these variables when they are imported, as in a container.
Object.assign(process.env, settings);

const context = { getRemainingTimeInMillis: () => 10_000 };
jest.spyOn(console, 'info').mockImplementation(() => {});

afterAll(async () => {
  await mongoose.disconnect();
  await Promise.all(servers.map((server) => server.stop()));
});

const folder = new URL('../examples/', import.meta.url);

describe('the README', () => {
  it('contains each example verbatim', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const shown = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
    const names = await readdir(folder);
    expect(names).toHaveLength(4);
    for (const name of names)
      expect(shown).toContain(await readFile(new URL(name, folder), 'utf8'));
  });
});

describe('the example for', () => {
  it('one connection finds a product, and answers 503 while the server is down', async () => {
    const example = await import('../examples/one-connection.ts');
    expect(await example.handler({ name: 'tea' }, context)).toMatchObject({
      statusCode: 200,
      body: '[]',
    });
    await mongoose.model('Product').create({ name: 'tea' });
    const { body } = await example.handler({ name: 'tea' }, context);
    expect(JSON.parse(body ?? '')).toMatchObject([{ name: 'tea' }]);
    await first.stop();
    const soon = { getRemainingTimeInMillis: () => 700 };
    expect(await example.handler({ name: 'tea' }, soon)).toMatchObject({ statusCode: 503 });
    await first.start();
    await mongoose.disconnect();
  });

  it('two connections moves an order from one server to the other', async () => {
    const example = await import('../examples/two-connections.ts');
    expect(await example.handler({ id: '0'.repeat(24) })).toEqual({ statusCode: 404 });
    const Order = mongoose.model('Order');
    const { id } = await Order.create({ item: 'tea' });
    expect(await example.handler({ id })).toEqual({ statusCode: 204 });
    expect(await Order.countDocuments()).toBe(0);
    const archive = await mongoose.createConnection(second.uri).asPromise();
    expect(await archive.collection('orders').countDocuments({ item: 'tea' })).toBe(1);
    await mongoose.disconnect();
  });

  it('a database per tenant isolates tenants, and answers 404 for an unknown one', async () => {
    const example = await import('../examples/database-per-tenant.ts');
    for (const tenant of ['acme', 'globex']) {
      const { body } = await example.handler({ tenant, text: `of ${tenant}` });
      expect(JSON.parse(body ?? '')).toMatchObject([{ text: `of ${tenant}` }]);
    }
    expect(await example.handler({ tenant: '../admin', text: '' })).toEqual({ statusCode: 404 });
    await mongoose.disconnect();
  });

  it('a cluster per tenant writes to the cluster of the tenant', async () => {
    const example = await import('../examples/cluster-per-tenant.ts');
    for (const [n, tenant] of ['acme', 'globex'].entries()) {
      const { body } = await example.handler({ tenant, total: n });
      expect(JSON.parse(body ?? '')).toMatchObject([{ total: n }]);
    }
    expect(await example.handler({ tenant: 'nobody', total: 1 })).toEqual({ statusCode: 404 });
    await mongoose.disconnect();
  });
});
