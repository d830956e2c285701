import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ingestBody } from '#lib/archive/schema.ts';
import { openCursor, sealCursor } from '#lib/http/cursor.ts';
import { parseJson } from '#lib/http/json.ts';
import { mergePatch } from '#lib/http/merge-patch.ts';
import {
  type ProductInput,
  productInput,
  productPatch,
  productQuery,
} from '#lib/products/schema.ts';
import { adjustment } from '#lib/products/stock-schema.ts';
import { words } from '#lib/products/words.ts';
import { storeInput } from '#lib/stores/schema.ts';
import { handler as adjustStock } from '../../functions/adjust-stock.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as createStore } from '../../functions/create-store.ts';
import { handler as exportProducts } from '../../functions/export-products.ts';
import { handler as getArchived } from '../../functions/get-archived-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as importProducts } from '../../functions/import-products.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';
import { shareOf } from '../support/length.ts';
import { run } from '../support/settings.ts';

/** FUZZ_SEED sets the seed; fast-check prints the seed of a failed run. */
const options = { seed: Number(process.env.FUZZ_SEED ?? 20_261_122), numRuns: shareOf(60) };

/** Normalized, as the service stores it. */
const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .map((text) => text.normalize('NFC'));
const price = fc.record({
  amount: fc.oneof(fc.nat(), fc.integer({ min: 0, max: 1e12 })),
  currency: fc.constantFrom('EUR', 'JPY', 'XTS'),
});
const members = {
  name: line,
  description: fc.string({ unit: 'grapheme', maxLength: 200 }),
  category: line,
  tags: fc.uniqueArray(line, { maxLength: 5 }),
  stock: fc.integer({ min: 0, max: 1e9 }),
  status: fc.constantFrom('draft' as const, 'active' as const),
  attributes: fc.dictionary(line, fc.string({ unit: 'grapheme' }), { maxKeys: 5 }),
} satisfies Record<Exclude<keyof ProductInput, 'sku' | 'price'>, fc.Arbitrary<unknown>>;
const products = fc
  .record({ ...members, sku: line, price }, { requiredKeys: ['sku', 'name', 'price'] })
  .filter((value) => productInput.safeParse(value).success);
const check = <T>(arbitrary: fc.Arbitrary<T>, claim: (value: T) => Promise<void>) =>
  fc.assert(fc.asyncProperty(arbitrary, claim), options);

let count = 0;
const unique = (sku: string) => `${sku.slice(0, 40)}-${++count}`;

it('returns every valid product exactly as it was sent', async () => {
  const store = await openStore();
  await check(products, async (value) => {
    const input = { ...value, sku: unique(value.sku) };
    const { status, body } = await call(createProduct, { path: { store }, body: input });
    expect([status, body]).toMatchObject([201, input]);
    const found = await call(getProduct, { path: { store, product: body.id } });
    expect(found.body).toEqual(body);
  });
});

it('applies every valid merge patch as RFC 7396 specifies', async () => {
  const { path } = await addProduct({});
  const clearable = { description: members.description, category: line, tags: members.tags };
  const patches = fc
    .record(
      {
        ...members,
        ...Object.fromEntries(
          Object.entries(clearable).map(([name, value]) => [name, fc.option(value as never)]),
        ),
        attributes: fc.dictionary(line, fc.option(line), { maxKeys: 4 }),
        price: fc.record({ amount: fc.nat() }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    )
    .filter((value) => productPatch.safeParse(value).success);
  await check(patches, async (patch) => {
    const writable = ({ id, version, createdAt, updatedAt, ...rest }: Record<string, unknown>) =>
      rest;
    const before = writable((await call(getProduct, { path })).body);
    const { status, body } = await call(updateProduct, { path, body: patch });
    expect(status).toBe(200);
    expect(writable(body)).toEqual({ tags: [], ...(mergePatch(before, patch) as object) });
    expect((await call(getProduct, { path })).body).toEqual(body);
  });
});

it('finds and updates a product by its SKU in either Unicode form', async () => {
  const store = await openStore();
  const type = { 'content-type': 'application/json' };
  await check(
    fc.tuple(products, fc.constantFrom('NFC', 'NFD')),
    async ([{ sku, name, price }, form]) => {
      const first = unique(sku);
      const rows = (sku: string) => JSON.stringify([{ sku, name: name.normalize(form), price }]);
      const send = (sku: string) =>
        call(importProducts, { path: { store }, body: rows(sku), headers: type });
      expect((await send(first)).body).toMatchObject({ created: 1, failed: [] });
      expect((await send(first.normalize(form))).body).toMatchObject({ unchanged: 1, failed: [] });
    },
  );
});

it('normalizes every text that it accepts, and rejects what it would not accept again', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...'e\u0301\u0315\u200b\u202e\u3164\ufe0f ') }),
  );
  fc.assert(
    fc.property(texts, fc.constantFrom('sku', 'name', 'category'), (text, field) => {
      const schema = productInput.shape[field as 'sku'];
      const [own, composed, decomposed] = [text, text.normalize('NFC'), text.normalize('NFD')].map(
        (form) => schema.safeParse(form),
      );
      expect([composed?.success, decomposed?.success]).toEqual([own?.success, own?.success]);
      if (!own?.success) return;
      expect([own.data, composed?.data, decomposed?.data]).toEqual(
        Array(3).fill(text.normalize('NFC')),
      );
      expect(schema.parse(own.data)).toBe(own.data);
      expect(own.data).not.toMatch(/\p{Bidi_Control}/u);
    }),
    { ...options, numRuns: shareOf(5_000) },
  );
});

it('exports products so that an import elsewhere creates equal ones', async () => {
  await check(
    fc.tuple(fc.array(products, { maxLength: 4 }), fc.constantFrom('csv', 'ndjson')),
    async ([list, format]) => {
      const [from, to] = [await openStore(), await openStore()];
      for (const value of list)
        await call(createProduct, {
          path: { store: from },
          body: { ...value, sku: unique(value.sku) },
        });
      const query = { format };
      const { body, headers } = await call(exportProducts, { path: { store: from }, query });
      const sent = { 'content-type': headers['content-type']?.split(';')[0] as string };
      if (body !== '' && list.length > 0) {
        const imported = await call(importProducts, { path: { store: to }, body, headers: sent });
        expect(imported.body).toMatchObject({ created: list.length, failed: [] });
      }
      const again = await call(exportProducts, { path: { store: to }, query });
      expect(again.body.split('\n').sort()).toEqual(body.split('\n').sort());
    },
  );
}, 120_000);

it('never answers 5xx, whatever the body, query or header', async () => {
  const { path } = await addProduct({ store: await openStore() });
  const own = { store: path.store as string };
  const texts = fc.dictionary(
    fc.constantFrom(...Object.keys(productQuery.shape)),
    fc.string({ unit: 'binary' }),
  );
  await check(
    fc.tuple(fc.json({ stringUnit: 'binary' }), texts, line),
    async ([body, query, text]) => {
      const headers = {
        'content-type': 'application/json',
        'if-match': text,
        'idempotency-key': text,
      };
      for (const [handler, where] of [
        [createProduct, own],
        [importProducts, own],
        [ingestArchive, own],
        [adjustStock, path],
        [updateProduct, path],
        [createStore, {}],
      ] as const)
        expect(
          (await call(handler as typeof createProduct, { path: where, body, headers })).status,
        ).toBeLessThan(500);
      expect((await call(listProducts, { path: own, query })).status).toBeLessThan(500);
    },
  );
});

it('keeps any record of the archive, and any stock and store that the schemas take', async () => {
  const store = await openStore();
  const records = fc
    .dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 })
    .map((value) => JSON.parse(JSON.stringify(value)))
    .filter((value) => ingestBody.safeParse(value).success && !Object.hasOwn(value, '__proto__'));
  await check(records, async (record) => {
    const { status, body } = await call(ingestArchive, {
      path: { store },
      body: JSON.stringify(record),
    });
    if (status === 400)
      return expect(JSON.stringify(record)).toMatch(/__proto__|\\u|\d{16}|e[+-]?\d/);
    const found = await call(getArchived, { path: { store, product: body.archived[0] } });
    const { _archive, ...kept } = found.body;
    expect({ id: body.archived[0], ...record }).toEqual(kept);
  });
  await check(fc.integer({ min: 1, max: 1e9 }), async (by) => {
    expect(adjustment.safeParse({ by }).success).toBe(true);
    const { path } = await addProduct({ store }, { sku: unique('S'), stock: 0 });
    expect((await call(adjustStock, { path, body: { by } })).body.stock).toBe(by);
  });
  await check(
    line.filter((name) => storeInput.shape.name.safeParse(name).success),
    async (name) => {
      const body = { id: `p${++count}-${run}`, name, currency: 'EUR' };
      expect((await call(createStore, { body })).body).toMatchObject(body);
    },
  );
}, 120_000);

it('opens a cursor only for the list that it was sealed for', async () => {
  await call(listProducts);
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.array(fc.string()), (list, other, position) => {
      const cursor = sealCursor(list, position);
      expect(openCursor(list, cursor)).toEqual(position);
      if (JSON.stringify(list) !== JSON.stringify(other))
        expect(() => openCursor(other, cursor)).toThrow('not valid for this list');
    }),
    options,
  );
});

it('reads JSON as JSON.parse does, unless it refuses it', () => {
  fc.assert(
    fc.property(fc.json({ depthSize: 'large' }), (text) => {
      if (/__proto__|\d{16}|\de[+-]?\d{2}|\\u/i.test(text)) return;
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
    { ...options, numRuns: shareOf(1_000) },
  );
});

it('finds the same words whether marks go before folding or only after', () => {
  const plain = (text: string) =>
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(words(`é${text}`)).toEqual(plain(`é${text}`));
    }),
    { ...options, numRuns: shareOf(5_000) },
  );
  expect(words(`é${'a\u0315\u0300'.repeat(10)}`)).toEqual(['eaaaaaaaaaa']);
});
