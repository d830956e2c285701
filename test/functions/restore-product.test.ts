import { describe, expect, it } from '@jest/globals';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as getArchived } from '../../functions/get-archived-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler } from '../../functions/restore-product.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { handler as updateStore } from '../../functions/update-store.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

/** A product that is in its store's archive. */
async function anArchived() {
  const added = await addProduct({ store: await openStore() });
  expect(await call(archiveProduct, { path: added.path })).toMatchObject({ status: 204 });
  return added;
}

/** An old record in a store's archive, and its path parameters. */
async function anOldRecord(record: object, store?: string) {
  const path = { store: store ?? (await openStore()) };
  const { body } = await call(ingestArchive, { path, body: record });
  return { ...path, product: body.archived[0] as string };
}

const oldLaptop = {
  sku: 'OLD-1',
  title: 'Old laptop',
  price: { amount: 5, currency: 'USD', vat: true },
  stock: '3',
};
const whatPutsItRight = { title: null, name: 'Old laptop', price: { vat: null }, stock: 3 };

describe('restore-product', () => {
  it('restores a product unchanged, in a version above the archived one', async () => {
    const { product, path } = await anArchived();
    const answer = await call(handler, { path });
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({
      location: `/stores/${path.store}/products/${path.product}`,
      etag: '"2"',
    });
    expect(answer.body).toEqual({ ...product, version: 2, updatedAt: expect.any(String) });
    expect((await call(getProduct, { path })).body).toEqual(answer.body);
    expect(await call(getArchived, { path })).toMatchObject({ status: 404 });
    const { body: found } = await call(listProducts, {
      path: { store: path.store as string },
      query: { q: 'laptop pro' },
    });
    expect(found.items).toEqual([answer.body]);
  });

  it('applies a merge patch', async () => {
    const { path } = await anArchived();
    const { status, body } = await call(handler, {
      path,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { name: 'Laptop Old', description: null, attributes: { size: 'L' } },
    });
    expect([status, body.name]).toEqual([201, 'Laptop Old']);
    expect(body).not.toHaveProperty('description');
    expect(body.attributes).toEqual({ color: 'grey', size: 'L' });
  });

  it('restores a product again after it was archived again', async () => {
    const { product, path } = await anArchived();
    for (let round = 0; round < 3; round++) {
      expect(await call(handler, { path })).toMatchObject({ status: 201 });
      expect(await call(getArchived, { path })).toMatchObject({ status: 404 });
      expect(await call(archiveProduct, { path })).toMatchObject({ status: 204 });
      expect(await call(getProduct, { path })).toMatchObject({ status: 404 });
    }
    expect((await call(getArchived, { path })).body).toMatchObject({
      sku: product.sku,
      version: 4,
    });
  });

  it('answers 422 with every path of an old record that drifted, and changes nothing', async () => {
    const path = await anOldRecord(oldLaptop);
    const { status, body } = await call(handler, { path });
    expect(status).toBe(422);
    expect(body.type).toBe('urn:manystore:problem:drifted');
    expect(body.errors).toEqual(
      expect.arrayContaining([
        { in: 'archive', pointer: '/name', reason: 'is required' },
        { in: 'archive', pointer: '/title', reason: 'is not recognized' },
        { in: 'archive', pointer: '/price/vat', reason: 'is not recognized' },
        { in: 'archive', pointer: '/stock', reason: 'must be of type number' },
      ]),
    );
    expect(body.errors).toHaveLength(4);
    expect(await call(getProduct, { path })).toMatchObject({ status: 404 });
    expect(await call(getArchived, { path })).toMatchObject({ body: oldLaptop });
  });

  it('restores an old record with a patch that corrects it', async () => {
    const path = await anOldRecord(oldLaptop);
    const { status, body } = await call(handler, { path, body: whatPutsItRight });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: path.product,
      sku: 'OLD-1',
      name: 'Old laptop',
      price: { amount: 5, currency: 'USD' },
      stock: 3,
      tags: [],
      version: 2,
    });
    expect((await call(getProduct, { path })).body).toEqual(body);
    expect(await call(getArchived, { path })).toMatchObject({ status: 404 });
  });

  it("requires that an old record's own id, version and dates are removed", async () => {
    const valid = { sku: 'OLD-2', name: 'Old', price: { amount: 1, currency: 'USD' } };
    const path = await anOldRecord({ ...valid, id: 7, version: 3, createdAt: 'yesterday' });
    const { body } = await call(handler, { path });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/createdAt',
      '/id',
      '/version',
    ]);
    const patch = { id: null, version: null, createdAt: null };
    expect(await call(handler, { path, body: patch })).toMatchObject({ status: 201 });
    const plain = await anOldRecord(valid);
    expect(await call(handler, { path: plain })).toMatchObject({ status: 201 });
  });

  it('answers 409 for a record whose SKU was taken in the meantime, until it gets another one', async () => {
    const { product, path } = await anArchived();
    await addProduct({ store: path.store as string }, { sku: product.sku });
    for (const headers of [{}, { 'idempotency-key': 'a-key' }]) {
      const refused = await call(handler, { path, headers });
      expect(refused.status).toBe(409);
      expect(refused.body).toMatchObject({ key: { sku: product.sku } });
      expect(await call(getArchived, { path })).toMatchObject({ status: 200 });
    }
    const answer = await call(handler, { path, body: { sku: 'ANOTHER' } });
    expect(answer).toMatchObject({ status: 201, body: { sku: 'ANOTHER', id: product.id } });
  });

  it('returns the first response for a repeated key, also when the product was archived again', async () => {
    const { path } = await anArchived();
    const restore = () => call(handler, { path, headers: { 'idempotency-key': 'once' } });
    const first = await restore();
    expect(first.status).toBe(201);
    expect(await restore()).toMatchObject({ status: 201, body: first.body });
    await call(updateProduct, { path, body: { name: 'Changed' } });
    await call(archiveProduct, { path });
    expect(await restore()).toMatchObject({ status: 201, body: first.body });
    expect(await call(getProduct, { path })).toMatchObject({ status: 404 });
    expect(await call(getArchived, { path })).toMatchObject({ body: { name: 'Changed' } });
  });

  it('answers 404 to a repeated request without a key', async () => {
    const { path } = await anArchived();
    await call(handler, { path });
    expect(await call(handler, { path })).toMatchObject({ status: 404 });
    expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
  });

  it('restores a product once for many concurrent requests', async () => {
    const { path } = await anArchived();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        call(handler, { path, headers: i % 2 ? { 'idempotency-key': `key-${i}` } : {} }),
      ),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect(statuses.has(201)).toBe(true);
    expect([...statuses].every((status) => status === 201 || status === 404)).toBe(true);
    expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
    expect(await call(getArchived, { path })).toMatchObject({ status: 404 });
  });

  it('leaves a product in one place when it is archived at the same time', async () => {
    for (let round = 0; round < 30; round++) {
      const { path } = await addProduct({ store: await openStore() });
      const work = Array.from({ length: 8 }, (_, i) =>
        i % 2 ? call(handler, { path }) : call(archiveProduct, { path }),
      );
      const statuses = (await Promise.all(work)).map(({ status }) => status);
      expect(statuses.filter((status) => ![201, 204, 404].includes(status))).toEqual([]);
      const places = [await call(getProduct, { path }), await call(getArchived, { path })];
      expect(places.map(({ status }) => status).sort()).toEqual([200, 404]);
    }
  });

  it('answers 409 for a suspended store, and restores nothing', async () => {
    const { path } = await anArchived();
    const store = { store: path.store as string };
    await call(updateStore, { path: store, body: { status: 'suspended' } });
    expect(await call(handler, { path })).toMatchObject({ status: 409 });
    expect(await call(getArchived, { path })).toMatchObject({ status: 200 });
  });

  it('answers 404 for an unknown record, and for one of another store', async () => {
    const { path } = await anArchived();
    const elsewhere = { ...path, store: await openStore() };
    expect(await call(handler, { path: elsewhere })).toMatchObject({ status: 404 });
    const never = { ...elsewhere, product: '0'.repeat(24) };
    expect(await call(handler, { path: never })).toMatchObject({ status: 404 });
  });

  it.each([
    ['a list', []],
    ['a text', '"text"'],
    ['a body that is nested too deeply', `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`],
  ])('rejects %s with 400', async (_, body) => {
    const { path } = await anArchived();
    const answer = await call(handler, { path, body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ in: 'body', pointer: '' }]);
    expect(await call(getArchived, { path })).toMatchObject({ status: 200 });
  });
});
