import { describe, expect, it } from '@jest/globals';
import { handler } from '../../functions/archive-product.ts';
import { handler as getArchived } from '../../functions/get-archived-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler as listArchive } from '../../functions/list-archive.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

describe('archive-product', () => {
  it('moves a product from its store to the archive', async () => {
    const store = await openStore();
    const { product, path } = await addProduct({ store });
    expect(await call(handler, { path })).toMatchObject({ status: 204, body: undefined });
    expect(await call(getProduct, { path })).toMatchObject({ status: 404 });
    const archived = await call(getArchived, { path });
    expect(archived.body).toEqual({
      ...product,
      _archive: { id: product.id, store, source: 'catalog', archivedAt: expect.any(String) },
    });
  });

  it('moves a product of the head catalog to the archive, without a store', async () => {
    const store = await openStore();
    const { product, path } = await addProduct({});
    expect(await call(handler, { path })).toMatchObject({ status: 204 });
    expect(await call(getProduct, { path })).toMatchObject({ status: 404 });
    const elsewhere = { path: { store, product: product.id } };
    expect(await call(getArchived, elsewhere)).toMatchObject({ status: 404 });
  });

  it('answers 204 to a repeated request', async () => {
    const { path } = await addProduct({ store: await openStore() });
    await call(handler, { path });
    expect(await call(handler, { path })).toMatchObject({ status: 204 });
  });

  it('archives a product once for many concurrent requests', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store });
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(handler, { path })));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(204));
    const { body } = await call(listArchive, { path: { store } });
    expect(body.items).toHaveLength(1);
  });

  it('archives the last of several concurrent changes', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store }, { attributes: {} });
    const patches = Array.from({ length: 10 }, (_, i) =>
      call(updateProduct, { path, body: { attributes: { [`a${i}`]: 'x' } } }),
    );
    const [archived, ...changed] = await Promise.all([call(handler, { path }), ...patches]);
    expect(archived.status).toBe(204);
    const made = changed.filter(({ status }) => status === 200).length;
    expect(changed.filter(({ status }) => status === 404)).toHaveLength(10 - made);
    const { body } = await call(getArchived, { path });
    expect(Object.keys(body.attributes)).toHaveLength(made);
  });

  it('answers 412 when If-Match is not current', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store });
    await call(updateProduct, { path, body: { name: 'Second' } });
    const stale = await call(handler, { path, headers: { 'if-match': '"1"' } });
    expect(stale.status).toBe(412);
    expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
    expect(await call(getArchived, { path })).toMatchObject({ status: 404 });
    const current = await call(handler, { path, headers: { 'if-match': '"2"' } });
    expect(current.status).toBe(204);
  });

  it('compares If-Match of a repeated request with the archived version', async () => {
    const { path } = await addProduct({ store: await openStore() });
    await call(handler, { path, headers: { 'if-match': '"1"' } });
    const repeat = (tag: string) => call(handler, { path, headers: { 'if-match': tag } });
    expect(await repeat('"1"')).toMatchObject({ status: 204 });
    expect(await repeat('"7"')).toMatchObject({ status: 412 });
  });

  it('answers 404 for an ingested record', async () => {
    const store = await openStore();
    const { body } = await call(ingestArchive, { path: { store }, body: { name: 'Old' } });
    const path = { store, product: body.archived[0] };
    expect(await call(handler, { path })).toMatchObject({ status: 404 });
  });

  it('answers 404 for an unknown product, and for one of another store', async () => {
    const { path } = await addProduct({ store: await openStore() });
    const store = await openStore();
    await call(handler, { path });
    expect(await call(handler, { path: { ...path, store } })).toMatchObject({ status: 404 });
    const never = { store, product: '0'.repeat(24) };
    expect(await call(handler, { path: never })).toMatchObject({ status: 404 });
  });
});
