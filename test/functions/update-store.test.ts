import { describe, expect, it } from '@jest/globals';
import { handler as closeStore } from '../../functions/close-store.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as getStore } from '../../functions/get-store.ts';
import { handler } from '../../functions/update-store.ts';
import { addProduct, aProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

const read = async (store: string) => (await call(getStore, { path: { store } })).body;
const suspend = (store: string) =>
  call(handler, { path: { store }, body: { status: 'suspended' } });

describe('update-store', () => {
  it('renames a store, and its products show the new name at once', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store });
    const before = await read(store);
    const answer = await call(handler, { path: { store }, body: { name: 'South Store' } });
    expect([answer.status, answer.headers.etag]).toEqual([200, '"2"']);
    expect(answer.body).toEqual({
      ...before,
      name: 'South Store',
      version: 2,
      updatedAt: expect.any(String),
    });
    expect(await read(store)).toEqual(answer.body);
    const { body: product } = await call(getProduct, { path });
    expect(product.store).toEqual({ id: store, name: 'South Store' });
  });

  it('returns an ETag that works with If-None-Match', async () => {
    const store = await openStore();
    const { headers } = await call(handler, { path: { store }, body: { name: 'South Store' } });
    const read = () =>
      call(getStore, { path: { store }, headers: { 'if-none-match': headers.etag as string } });
    expect(await read()).toMatchObject({ status: 304 });
    await suspend(store);
    expect(await read()).toMatchObject({ status: 200, headers: { etag: '"3"' } });
  });

  it('suspends a store, which can then be read but not written, and resumes it', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store });
    expect(await suspend(store)).toMatchObject({ status: 200, body: { status: 'suspended' } });
    expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
    const add = () => call(createProduct, { path: { store }, body: aProduct() });
    const refused = await add();
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      type: 'urn:manystore:problem:store-not-writable',
      detail: 'The store is suspended and does not accept changes.',
    });
    const resumed = await call(handler, {
      path: { store },
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { status: 'active' },
    });
    expect(resumed.body).toMatchObject({ status: 'active', version: 3 });
    expect(await add()).toMatchObject({ status: 201 });
  });

  it('answers 409 to all writes after a store is suspended, also when it is read concurrently', async () => {
    const store = await openStore();
    for (let round = 0; round < 20; round++) {
      const reads = Array.from({ length: 10 }, () => call(getStore, { path: { store } }));
      await Promise.all([suspend(store), ...reads]);
      const refused = await call(createProduct, { path: { store }, body: aProduct() });
      expect(refused.status).toBe(409);
      await call(handler, { path: { store }, body: { status: 'active' } });
    }
  });

  it('writes nothing when the patch changes nothing', async () => {
    const store = await openStore();
    const before = await read(store);
    for (const body of [{}, { name: before.name }, { status: 'active', name: before.name }])
      expect(await call(handler, { path: { store }, body })).toMatchObject({ body: before });
    expect(await read(store)).toEqual(before);
  });

  it('answers 412 when If-Match is not current', async () => {
    const store = await openStore();
    const rename = (name: string, tag: string) =>
      call(handler, { path: { store }, body: { name }, headers: { 'if-match': tag } });
    expect(await rename('Second', '"1"')).toMatchObject({ status: 200 });
    for (const tag of ['"1"', 'W/"2"', '"3", "4"']) {
      const stale = await rename('Third', tag);
      expect([stale.status, stale.headers.etag]).toEqual([412, '"2"']);
    }
    expect(await rename('Third', '*')).toMatchObject({ status: 200, body: { version: 3 } });
  });

  it('lets one of 50 concurrent requests with the same If-Match succeed', async () => {
    const store = await openStore();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        call(handler, {
          path: { store },
          body: { name: `Store ${i}` },
          headers: { 'if-match': '"1"' },
        }),
      ),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(49);
    expect(await read(store)).toEqual(won[0]?.body);
  });

  it('answers 409 for a closed store, and changes nothing', async () => {
    const store = await openStore();
    expect(await call(closeStore, { path: { store } })).toMatchObject({ status: 200 });
    for (const body of [{ status: 'active' }, { name: 'Again' }, {}]) {
      const answer = await call(handler, { path: { store }, body });
      expect(answer.status).toBe(409);
      expect(answer.body.detail).toBe('The store is closed and can no longer be changed.');
    }
  });

  it.each([
    ['another currency', { currency: 'EUR' }, '/currency'],
    ['another id', { id: 'other' }, '/id'],
    ['the removal of its name', { name: null }, '/name'],
    ['a blank name', { name: ' ' }, '/name'],
    ['a status that only close-store sets', { status: 'closed' }, '/status'],
    ['an operator', { $set: { name: 'X' } }, '/$set'],
  ])('rejects %s with 400, and changes nothing', async (_, patch, pointer) => {
    const store = await openStore();
    const before = await read(store);
    const { status, body } = await call(handler, { path: { store }, body: patch });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ in: 'body', pointer, reason: expect.any(String) }]);
    expect(await read(store)).toEqual(before);
  });

  it('answers 404 for an unknown store', async () => {
    const path = { store: 'no-such-store' };
    expect(await call(handler, { path, body: { name: 'X' } })).toMatchObject({ status: 404 });
  });
});
