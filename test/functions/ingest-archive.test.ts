import { describe, expect, it } from '@jest/globals';
import { handler as getArchived } from '../../functions/get-archived-product.ts';
import { handler } from '../../functions/ingest-archive.ts';
import { handler as listArchive } from '../../functions/list-archive.ts';
import { openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

const smartWatch = {
  name: 'Smart Watch',
  price: 199.99,
  extraField: 'Fitness tracking',
  timestamp: '2019-03-04T09:30:00Z',
};

/** Archives a record, and reads it back without what the archive adds. */
async function throughArchive(record: object) {
  const store = await openStore();
  const { status, body } = await call(handler, { path: { store }, body: record });
  expect(status).toBe(201);
  const [product] = body.archived;
  const read = await call(getArchived, { path: { store, product } });
  expect(read.status).toBe(200);
  const { _archive, ...rest } = read.body;
  expect(_archive).toMatchObject({ id: product, store, source: 'ingest' });
  return { rest, id: product };
}

describe('ingest-archive', () => {
  it('archives one record with all its fields', async () => {
    const { rest, id } = await throughArchive(smartWatch);
    expect(rest).toEqual({ ...smartWatch, id });
  });

  it.each([
    ['empty values', { a: {}, b: [], c: null, d: '', e: 0, f: false }],
    ['names with dots and dollars', { 'a.b': 1, $set: { $inc: { 'x.y': 1 } }, '': { '': 1 } }],
    ['names that code uses', { constructor: 1, toString: 'x', save: 2, _doc: 3, length: 4 }],
    ['names that mongoose uses', { $__: 1, a: { $__: 1, _doc: { b: 2 }, $isMongooseMap: true } }],
    [
      'values that look like other objects',
      { a: { constructor: { name: 'Date' } }, isMongooseBuffer: true },
    ],
    ['an _id and an id of its own', { _id: { $oid: 'abc' }, id: 7, __v: 3, version: 'x' }],
    ['names of the archive', { store: 'another', archivedAt: 'never', source: [1] }],
    ['nested lists', { lists: [[1, [2, [3, { deep: [] }]]]] }],
    ['numbers', { small: -0.5, large: 9_007_199_254_740_991, tiny: 1e-300, huge: 1e300 }],
    ['text of all kinds', { text: 'Ünï¢ødé 🎈 \u0000 \n "' }],
  ])('keeps %s', async (_, record) => {
    const { rest, id } = await throughArchive(record);
    expect(rest).toEqual({ id, ...record });
  });

  it('keeps the order of the fields', async () => {
    const { rest } = await throughArchive({ id: 1, z: 1, a: { y: 1, b: 2 }, m: 1 });
    expect(JSON.stringify(rest)).toBe('{"id":1,"z":1,"a":{"y":1,"b":2},"m":1}');
  });

  it('archives a list, and returns the ids in its order', async () => {
    const store = await openStore();
    const records = Array.from({ length: 250 }, (_, n) => ({ ...smartWatch, n }));
    const { body } = await call(handler, { path: { store }, body: records });
    expect(new Set(body.archived).size).toBe(250);
    const product = body.archived[17];
    expect(await call(getArchived, { path: { store, product } })).toMatchObject({
      body: { n: 17 },
    });
  });

  it('changes nothing when the same records are sent again', async () => {
    const store = await openStore();
    const once = await call(handler, { path: { store }, body: [smartWatch] });
    const again = await call(handler, { path: { store }, body: [smartWatch, { n: 2 }] });
    expect(again.body.archived[0]).toBe(once.body.archived[0]);
    const { body } = await call(listArchive, { path: { store } });
    expect(body.items).toHaveLength(2);
  });

  it.each([
    ['an empty list', []],
    ['an empty record', {}],
    ['text', 'just words'],
    ['a list with a number', [smartWatch, 1]],
    ['a list in a list', [[smartWatch]]],
    ['null', null],
    ["the archive's own member", { ...smartWatch, _archive: {} }],
    ['a name with U+0000', { 'a\u0000b': 1 }],
    ['a name that BSON takes for its own', { a: [{ _bsontype: 'Double', value: 1 }] }],
    ['a record of more than a million characters', [{ a: 'x'.repeat(1_000_001) }]],
    ['51 levels', JSON.parse(`${'{"a":'.repeat(51)}1${'}'.repeat(51)}`)],
  ])('rejects %s with 400', async (_, body) => {
    const store = await openStore();
    const text = JSON.stringify(body);
    expect(await call(handler, { path: { store }, body: text })).toMatchObject({ status: 400 });
    const list = await call(listArchive, { path: { store } });
    expect(list.body.items).toEqual([]);
  });

  it('rejects numbers that a double cannot hold, and half surrogate pairs, with 400', async () => {
    const store = await openStore();
    for (const body of [
      '{"n":1e400}',
      '{"n":-1e400}',
      '{"n":9007199254740993}',
      '[{"n":12345678901234567890}]',
      '{"text":"\\ud800"}',
      '{"\\udc00":1}',
    ])
      expect(await call(handler, { path: { store }, body })).toMatchObject({ status: 400 });
    const { rest, id } = await throughArchive({ n: 9007199254740991, m: 1e21, text: '🎈' });
    expect(rest).toEqual({ id, n: 9007199254740991, m: 1e21, text: '🎈' });
  });

  it('rejects a member __proto__ with 400, however it is spelled', async () => {
    const store = await openStore();
    for (const body of ['{"a":{"__proto__":{"b":1}}}', '{"\\u005f_proto__":1}'])
      expect(await call(handler, { path: { store }, body })).toMatchObject({ status: 400 });
  });
});
