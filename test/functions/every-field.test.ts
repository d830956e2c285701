import { expect, it } from '@jest/globals';
import { type ProductInput, productInput } from '#lib/products/schema.ts';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as exportProducts } from '../../functions/export-products.ts';
import { handler as getArchived } from '../../functions/get-archived-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as importProducts } from '../../functions/import-products.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as publishProduct } from '../../functions/publish-product.ts';
import { handler as reportDrift } from '../../functions/report-drift.ts';
import { handler as restoreProduct } from '../../functions/restore-product.ts';
import { handler as searchProducts } from '../../functions/search-products.ts';
import { handler as syncMirror } from '../../functions/sync-mirror.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { openStore } from '../support/catalog.ts';
import { call, invoke, type TestAnswer } from '../support/gateway.ts';
import { completeProduct, randomProducts } from '../support/random-products.ts';

/*
 * These products are generated from the schema of the request, with every field: an operation that drops a field
 * fails, including fields that are added to the schema later.
 */

const FIELDS = Object.keys(productInput.shape) as (keyof ProductInput)[];

/** What a caller can write of a product that a response shows. */
const written = (product: Record<string, unknown>) =>
  Object.fromEntries(FIELDS.map((field) => [field, product[field]]));

/** Adds a product with every field to a new store, or to the head catalog. */
async function addComplete(path: { store?: string }, seed: number) {
  const product = completeProduct(seed);
  const { status, body } = await call(createProduct, { path, body: product });
  expect([status, written(body)]).toEqual([201, product]);
  return { product, path: { ...path, product: body.id } as Record<string, string> };
}

const ok = ({ status, body }: TestAnswer) => {
  expect(status).toBeLessThan(300);
  return body;
};

it('is created, read and listed', async () => {
  const store = await openStore();
  const { product, path } = await addComplete({ store }, 1);
  expect(Object.keys(product).sort()).toEqual([...FIELDS].sort());
  expect(written(ok(await call(getProduct, { path })))).toEqual(product);
  expect(written(ok(await call(listProducts, { path: { store } })).items[0])).toEqual(product);
});

it('is changed by a patch that contains only this field', async () => {
  const store = await openStore();
  const { product, path } = await addComplete({ store }, 2);
  const other = completeProduct(3);
  // A merge patch would merge the new attributes into the old ones.
  await call(updateProduct, { path, body: { attributes: null } });
  const expected: Record<string, unknown> = { ...product, attributes: {} };
  for (const field of FIELDS) {
    expected[field] = other[field];
    const patched = ok(await call(updateProduct, { path, body: { [field]: other[field] } }));
    expect([field, written(patched)]).toEqual([field, expected]);
  }
});

it.each(['ndjson', 'csv'])('is exported as %s, and imported', async (format) => {
  const [from, to] = [await openStore(), await openStore()];
  const products = [completeProduct(4), ...randomProducts(20, 5, 'other-')];
  ok(await call(importProducts, { path: { store: from }, body: products }));
  const { body, headers } = await call(exportProducts, {
    path: { store: from },
    query: { format },
  });
  const type = { 'content-type': headers['content-type'] as string };
  const imported = await call(importProducts, { path: { store: to }, body, headers: type });
  expect(ok(imported)).toMatchObject({ created: products.length, failed: [] });
  const { items } = ok(await call(listProducts, { path: { store: to }, query: { limit: '100' } }));
  expect(items.map(written)).toEqual(products.map(written));
});

it('is published, except for the price and the stock, which belong to the store', async () => {
  const store = await openStore();
  const { product, path } = await addComplete({}, 6);
  ok(await call(publishProduct, { path, body: { stores: [store] } }));
  const { items } = ok(await call(listProducts, { path: { store } }));
  expect(written(items[0])).toEqual({ ...product, stock: 0 });
  const { price, stock, sku, ...next } = completeProduct(7);
  ok(await call(updateProduct, { path, body: { ...next, attributes: null } }));
  ok(await call(publishProduct, { path, body: { stores: [store] } }));
  const again = ok(await call(listProducts, { path: { store } }));
  expect(written(again.items[0])).toEqual({ ...product, stock: 0, ...next, attributes: {} });
});

it('is archived without drift, restored and mirrored', async () => {
  const store = await openStore();
  const { product, path } = await addComplete({ store }, 8);
  expect((await call(archiveProduct, { path })).status).toBe(204);
  expect(written(ok(await call(getArchived, { path })))).toEqual(product);
  expect(ok(await call(reportDrift, { query: { store } })).items).toEqual([]);
  expect(written(ok(await call(restoreProduct, { path })))).toEqual(product);
  expect(written(ok(await call(getProduct, { path })))).toEqual(product);
  await invoke(syncMirror, { stores: [store] });
  const { items } = ok(await call(searchProducts, { query: { store } }));
  expect(items.map(written)).toEqual([product]);
});
