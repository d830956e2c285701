import { describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';
import { quickReader, UNSURE } from '#lib/products/quick-reader.ts';
import { productInput, productPatch } from '#lib/products/schema.ts';
import { randomFrom } from '../../support/random.ts';
import { randomProducts } from '../../support/random-products.ts';

const read = quickReader(productInput);
const price = { amount: 100, currency: 'EUR' };
const product = { sku: 'A', name: 'Table', price };

/** Values that a check may handle wrongly, for any member. */
const ODD = [
  ...[
    null,
    undefined,
    true,
    0,
    -0,
    1.5,
    -1,
    2 ** 53,
    Number.NaN,
    '',
    ' ',
    'a ',
    'a\0',
    'a\nb',
    'é',
    'e\u0301',
    'a\u200bb',
    'a\u202eb',
    '\u3164',
  ],
  ...['x'.repeat(65), 'x'.repeat(5_001), [], ['a', 'a'], ['a', null], {}, { a: 1 }, { $a: 'x' }],
  ...[{ 'a.b': 'x' }, { constructor: 'x' }, { amount: -0, currency: 'EUR' }, { ...price, more: 1 }],
  ...[
    { amount: 1, currency: 'eur' },
    new Date(),
    Object.create(null),
    JSON.parse('{"__proto__":"x"}'),
  ],
];

describe('a quick reader of products', () => {
  it('reads products as their schema does', () => {
    for (const value of randomProducts(500, 1))
      expect(read(value)).toEqual(productInput.parse(value));
  });

  it("sets the schema's default values, as new objects for each product", () => {
    const [one, other] = [read(product), read(product)] as { tags: string[] }[];
    expect(one).toEqual({ ...product, tags: [], stock: 0, status: 'active', attributes: {} });
    expect(one?.tags).not.toBe(other?.tags);
  });

  it('is unsure about every value that the schema rejects or changes', () => {
    const random = randomFrom(2);
    const names = [...Object.keys(productInput.shape), 'more', '__proto__'];
    let unsure = 0;
    for (const valid of randomProducts(200, 3))
      for (const odd of ODD) {
        const name = names[Math.floor(random() * names.length)] as string;
        const value = Object.fromEntries([...Object.entries(valid), [name, odd]]);
        const [quick, checked] = [read(value), productInput.safeParse(value)];
        if (quick === UNSURE) unsure += 1;
        else expect([value, quick]).toEqual([value, checked.data]);
        if (Object.is(odd, -0) && name === 'stock') expect(quick).toBe(UNSURE);
      }
    expect(unsure).toBeGreaterThan(1_000);
  });

  it('reads each text of one character as the schema does, and those around it', () => {
    for (let code = 0; code < 0x100; code++) {
      const char = String.fromCharCode(code);
      for (const text of [char, `a${char}`, `${char}a`, `a${char}b`]) {
        const value = { ...product, sku: text, tags: [text] };
        const quick = read(value);
        if (quick !== UNSURE) expect([text, quick]).toEqual([text, productInput.parse(value)]);
      }
    }
    for (const length of [64, 65])
      expect(read({ ...product, sku: 'x'.repeat(length) }) === UNSURE).toBe(length > 64);
  });

  it('reads members that are null as missing ones, if it is told to', () => {
    const readPatch = quickReader(productInput, { ignoreNulls: true });
    const nulls = { description: null, category: null, tags: null, stock: null, status: null };
    const attributes = { a: 'x', b: null, 'c.d': null };
    expect(readPatch({ ...product, ...nulls, attributes })).toEqual({
      ...{ ...product, tags: [], stock: 0, status: 'active', attributes: { a: 'x' } },
    });
    expect(readPatch({ ...product, attributes: null })).toMatchObject({ attributes: {} });
    for (const odd of [{ name: null }, { price: null }, { more: null }, { tags: [null] }])
      expect(readPatch({ ...product, ...odd })).toBe(UNSURE);
    expect(readPatch({ ...product, price: { ...price, more: null } })).toBe(UNSURE);
    expect(read({ ...product, stock: null })).toBe(UNSURE);
  });

  it('is unsure about a value that is not a plain object', () => {
    for (const value of [...ODD, Object.create(product), 'text', [product]])
      expect(read(value)).toBe(UNSURE);
  });
});

it('is unsure about every value of an unknown kind of schema', () => {
  const members = { ...productPatch.shape, sku: z.url() };
  for (const schema of [z.union([z.string(), z.int()]), z.number(), z.url(), z.object({})])
    for (const value of ['a', 1, 'https://a.example', {}])
      expect(quickReader<z.ZodMiniType>(schema)(value)).toBe(UNSURE);
  expect(quickReader(z.strictObject(members))({ sku: 'https://a.example' })).toBe(UNSURE);
});
