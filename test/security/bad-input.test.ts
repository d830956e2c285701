import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Contract } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import { handler as adjustStock } from '../../functions/adjust-stock.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as createStore } from '../../functions/create-store.ts';
import { handler as exportProducts } from '../../functions/export-products.ts';
import { handler as getArchived } from '../../functions/get-archived-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as importProducts } from '../../functions/import-products.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as listStores } from '../../functions/list-stores.ts';
import { handler as searchProducts } from '../../functions/search-products.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { addProduct, addProducts, aProduct, openStore } from '../support/catalog.ts';
import { call, contextOf, eventOf } from '../support/gateway.ts';
import { allFunctions } from '../support/operations.ts';

let store: string;
let path: Record<string, string>;
beforeAll(async () => {
  store = await openStore();
  await addProducts({ store }, [{}, {}]);
  ({ path } = await addProduct({ store }, { sku: 'KEPT' }));
});

/** Expects that the request is rejected with `status` and that the store's products are unchanged. */
async function expectRefused(
  handler: Operation<Contract>,
  request: Parameters<typeof call>[1],
  status = 400,
) {
  const products = () => call(exportProducts, { path: { store } });
  const before = await products();
  const answer = await call(handler, request);
  expect(answer).toMatchObject({
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
  expect((await products()).body).toBe(before.body);
  expect(Object.keys(Object.prototype)).toEqual([]);
  return answer.body;
}

/** Sends bytes as API Gateway sends a binary body: in base64. */
async function sendBytes(handler: Operation<Contract>, bytes: Buffer, type: string) {
  const request = { path: { store }, body: bytes.toString('base64') };
  const event = eventOf(handler, { ...request, headers: { 'content-type': type } });
  const result = await handler({ ...event, isBase64Encoded: true }, contextOf(handler));
  return { status: result.statusCode, body: JSON.parse(result.body ?? '') };
}

describe('an operator instead of a value', () => {
  it.each([
    ['sku', { $gt: '' }],
    ['name', { $ne: null }],
    ['category', { $regex: '.*' }],
    ['tags', { $in: ['a'] }],
    ['price', { $where: 'sleep(1)' }],
    ['stock', { $inc: 1 }],
    ['attributes', { $set: 'x' }],
    ['attributes', { a: { $ne: 'x' } }],
    ['attributes', { 'a.b': 'x' }],
    ['$set', { stock: 0 }],
    ['_id', { $gt: '' }],
  ])('is rejected in %s of a new product and of a patch', async (name, value) => {
    await expectRefused(createProduct, { path: { store }, body: { ...aProduct(), [name]: value } });
    await expectRefused(updateProduct, { path, body: { [name]: value } });
  });

  it.each(['category[$ne]', '$where', 'store', 'filter'])(
    'is rejected as the query parameter %s',
    (name) => expectRefused(listProducts, { path: { store }, query: { [name]: 'x' } }),
  );

  it.each(['.*', '(zz+)+$', '^', '$zne', '{"$gzt":""}'])('is searched as text: %s', async (q) => {
    const { status, body } = await call(listProducts, { path: { store }, query: { q } });
    expect([200, 400]).toContain(status);
    expect(body.items ?? []).toEqual([]);
  });

  it('is stored unchanged in an archived record', async () => {
    const record = { $where: 'x', 'a.b': { $gt: '' }, constructor: { prototype: { polluted: 1 } } };
    const ingested = await call(ingestArchive, { path: { store }, body: record });
    const [product] = ingested.body.archived;
    const { body } = await call(getArchived, { path: { store, product } });
    expect(body).toMatchObject(record);
    expect('polluted' in {}).toBe(false);
  });
});

describe('a member that leads to a prototype', () => {
  const own = (name: string) => `{"name":"X","${name}":{"polluted":1},"prototype":{"polluted":1}}`;

  it.each(['__proto__', '\\u005f_proto__', 'constructor'])('is rejected: %s', async (name) => {
    await expectRefused(updateProduct, { path, body: own(name) });
    await expectRefused(updateProduct, { path, body: `{"attributes":${own(name)}}` });
    await expectRefused(updateProduct, { path, body: `{"price":{"${name}":{"amount":1}}}` });
    expect('polluted' in {}).toBe(false);
  });

  it.each([
    ['application/json', '[{"sku":"P","__proto__":{"name":"x"}}]', 400],
    ['application/x-ndjson', '{"sku":"P","name":"x","__proto__":{"price":1}}', 200],
    ['text/csv', 'sku,name,amount,currency,attributes.__proto__\nP,P,1,EUR,x', 400],
    ['text/csv', 'sku,name,amount,currency,__proto__\nP,P,1,EUR,x', 400],
    ['text/csv', 'sku,name,amount,currency,attributes.constructor\nP,P,1,EUR,x', 400],
  ])('is not imported from a file of the type %s', async (type, body, expected) => {
    const request = { path: { store }, body, headers: { 'content-type': type } };
    const answer = await call(importProducts, request);
    expect(answer.status).toBe(expected);
    if (expected === 200) expect(answer.body).toMatchObject({ created: 0, failed: [{ line: 1 }] });
  });
});

describe('JSON that two readers may read differently', () => {
  it.each([
    ['a member twice', '{"by":1,"by":2}', 'must not have duplicate member names'],
    [
      'a member twice, once in disguise',
      '{"by":1,"b\\u0079":2}',
      'must not have duplicate member names',
    ],
    [
      'a member twice in one within',
      '{"a":[{"b":":","b":1}]}',
      'must not have duplicate member names',
    ],
    ['an integer that is not safe', '{"by":9007199254740993}', 'too large'],
    ['a number without end', '{"by":1e400}', 'too large'],
    ['a number that becomes 0', '{"by":1e-400}', 'too small'],
    ['101 levels', `{"by":${'['.repeat(100)}${']'.repeat(100)}}`, 'at most 100 levels'],
    ['two byte order marks', '\ufeff\ufeff{"by":1}', 'must be valid JSON'],
    ['half a surrogate pair', '{"by":"\\ud800"}', 'surrogate'],
  ])('with %s is rejected', async (_, body, reason) => {
    const request = { path, body, headers: { 'content-type': 'application/json' } };
    const { errors } = await expectRefused(adjustStock, request);
    expect(errors).toMatchObject([{ pointer: '', reason: expect.stringContaining(reason) }]);
  });

  it.each(['-0', '0', '0.5', '1e9', '1e308', '"1"', 'true', '[1]', '{"$inc":1}'])(
    'a stock is not changed by %s',
    (by) => expectRefused(adjustStock, { path, body: `{"by":${by}}` }, by === '1e9' ? 409 : 400),
  );

  it('does not include a text that has colons and quotes', async () => {
    const name = 'a:"b":\\"c\\\\":';
    const body = aProduct({ name, attributes: { 'x":': ':"y":', '\\': ':' } });
    const answer = await call(createProduct, { path: { store }, body });
    expect(answer).toMatchObject({ status: 201, body: { name, attributes: body.attributes } });
  });
});

describe('a body of very many values', () => {
  const list = (element: string, count: number) => `[${Array(count).fill(element).join()}]`;

  it.each([
    ['numbers', createProduct, `{"sku":"A","tags":${list('1', 100_000)}}`, '10000 values'],
    ['objects', updateProduct, `{"tags":${list('{}', 60_000)}}`, '10000 values'],
    ['members', adjustStock, `{"by":${list('{"a":1}', 20_000)}}`, '10000 values'],
    ['records', ingestArchive, list('{"a":1}', 10_001), '10000 items'],
    ['lists in a record', ingestArchive, `{"a":${list('[]', 300_000)}}`, '300000 values'],
    ['rows', importProducts, list('1', 100_001), '100000 items'],
  ] as [string, Operation<Contract>, string, string][])(
    'is rejected for the number of its %s',
    async (_, handler, body, limit) => {
      const headers = { 'content-type': 'application/json' };
      const isOfStore = [createProduct, ingestArchive, importProducts].includes(handler as never);
      const of = isOfStore ? { store } : path;
      const { errors } = await expectRefused(handler, { path: of, body, headers });
      expect(errors[0].reason).toContain(`must have at most ${limit}`);
    },
  );
});

describe('bytes', () => {
  const rows = {
    'application/json': (sku: string) =>
      `[{"sku":"${sku}","name":"N","price":{"amount":1,"currency":"EUR"}}]`,
    'application/x-ndjson': (sku: string) =>
      `{"sku":"${sku}","name":"N","price":{"amount":1,"currency":"EUR"}}`,
    'text/csv': (sku: string) => `sku,name,amount,currency\n${sku},N,1,EUR`,
  };

  it.each(Object.entries(rows))('may start with one byte order mark in %s', async (type, file) => {
    const once = await sendBytes(importProducts, Buffer.from(`\ufeff${file(`BOM-${type}`)}`), type);
    expect(once).toMatchObject({ status: 200, body: { created: 1 } });
    const twice = await sendBytes(
      importProducts,
      Buffer.from(`\ufeff\ufeff${file('TWICE')}`),
      type,
    );
    if (type === 'application/x-ndjson')
      expect(twice).toMatchObject({ body: { created: 0, failed: [{ line: 1 }] } });
    else expect(twice.status).toBe(400);
  });

  it.each([
    ['a lone surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['half a character', Buffer.from([0x22, 0xe2, 0x82])],
  ])('with %s are rejected with 400', async (_, bytes) => {
    for (const type of Object.keys(rows))
      expect(await sendBytes(importProducts, bytes, type)).toMatchObject({ status: 400 });
  });

  it('that are not base64 are rejected with 400', async () => {
    const event = eventOf(createProduct, { path: { store }, body: '%%% {"sku":1}' });
    const result = await createProduct(
      { ...event, isBase64Encoded: true },
      contextOf(createProduct),
    );
    expect(result.statusCode).toBe(400);
  });

  it.each(['gzip', 'br', 'GZIP', 'gzip, identity'])(
    'that are compressed by %s are refused',
    async (encoding) => {
      const body = gzipSync(JSON.stringify(aProduct())).toString('latin1');
      const headers = { 'content-encoding': encoding };
      const problem = await expectRefused(createProduct, { path: { store }, body, headers }, 415);
      expect(problem.errors).toMatchObject([{ in: 'headers', pointer: '/content-encoding' }]);
    },
  );
});

describe('a file', () => {
  const importFile = (body: string, type = 'application/x-ndjson') =>
    call(importProducts, {
      path: { store },
      body,
      headers: { 'content-type': type, 'idempotency-key': `file-${body.length}` },
    });

  it('is imported without a row that is nested too deeply', async () => {
    const deep = `{"sku":"DEEP","name":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;
    const { status, body } = await importFile(`${deep}\n{"sku":"KEPT","name":"Kept"}`);
    expect([status, body.updated, body.failed]).toMatchObject([200, 1, [{ line: 1, sku: null }]]);
  });

  it('is rejected early when every line has misplaced quotes', async () => {
    const { status, body } = await importFile(
      `sku,name\n${'"a\nx\n",b,c\n'.repeat(25_000)}`,
      'text/csv',
    );
    expect([status, body.errors[0].reason]).toEqual([
      400,
      expect.stringContaining('thousands of misplaced quotes'),
    ]);
  });

  it('with a column of 5 MB is answered within the size limit of Lambda', async () => {
    const answer = await importFile(`sku,${'~'.repeat(5_000_000)}\nA,b`, 'text/csv');
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body).length).toBeLessThan(2_000);
  });
});

describe('a query', () => {
  it.each([
    ['a status that came twice', { status: 'active,draft' }],
    ['a limit that came twice', { limit: '1,2' }],
    ['an order that came twice', { sort: 'name,-name' }],
    ['a limit in hexadecimal', { limit: '0x10' }],
    ['a limit in other digits', { limit: '٣' }],
    ['a limit with a fraction', { limit: '1.0' }],
    ['a limit of -0', { limit: '-0' }],
    ['a price beyond all', { minPrice: '9'.repeat(16) }],
    ['a line break', { category: 'a\r\nx: y' }],
    ['U+0000', { tag: 'a\0' }],
    ['no word to look for', { q: '%' }],
  ])('with %s is rejected with 400', (_, query) =>
    expectRefused(listProducts, { path: { store }, query: query as never }),
  );

  it.each(['', '.', 'e30.e30', 'x'.repeat(2_000), 'x'.repeat(9_000), '\0', '__proto__'])(
    'with the made-up cursor %j is refused',
    (cursor) => expectRefused(listProducts, { path: { store }, query: { cursor } }),
  );

  it('accepts a cursor only for its own list, order and stores', async () => {
    const other = await openStore();
    const query = { limit: '1' };
    const caller = { stores: [store, other] };
    const list = async (handler: Operation<Contract>, request: object) =>
      (await call(handler, { query, ...request })).body.next as string;
    const cursor = await list(listProducts, { path: { store } });
    const stores = await list(listStores, { caller });
    const changed = `${cursor[0] === 'A' ? 'B' : 'A'}${cursor.slice(1)}`;
    for (const [handler, request] of [
      [listProducts, { path: { store }, query: { cursor: changed } }],
      [listProducts, { path: { store }, query: { cursor: `${cursor}=` } }],
      [listProducts, { path: { store }, query: { cursor: `${cursor}.x` } }],
      [listProducts, { path: { store }, query: { cursor, sort: 'name' } }],
      [listProducts, { path: { store }, query: { cursor, tag: 'x' } }],
      [listProducts, { path: { store: other }, query: { cursor } }],
      [listProducts, { query: { cursor } }],
      [exportProducts, { path: { store }, query: { cursor } }],
      [searchProducts, { query: { cursor } }],
      [listStores, { caller: { stores: [store] }, query: { cursor: stores } }],
      [listStores, { query: { cursor: stores } }],
    ] as [Operation<Contract>, object][])
      await expectRefused(handler, request);
  });
});

describe('a path', () => {
  it.each([
    '..',
    '../other',
    '%2e%2e',
    'A',
    ' a',
    'a ',
    'a\n',
    '-a',
    'a-',
    'ä',
    '$ne',
    'admin.$cmd',
    '\0',
    '',
  ])('with the store %j is rejected with 400', (id) =>
    expectRefused(listProducts, { path: { store: id } }),
  );

  it.each([
    '0'.repeat(23),
    '0'.repeat(25),
    'G'.repeat(24),
    'A'.repeat(24),
    `${'0'.repeat(24)}\n`,
    '{"$ne":1}',
  ])('with the product %j is rejected with 400', (product) =>
    expectRefused(getProduct, { path: { store, product } }),
  );
});

describe('headers', () => {
  it.each(['', 'a b', 'ä', 'a\r\nx: y', 'x'.repeat(256), '\x7f'])(
    'with the Idempotency-Key %j are refused',
    (key) =>
      expectRefused(createProduct, {
        path: { store },
        body: aProduct(),
        headers: { 'idempotency-key': key },
      }),
  );

  it.each([
    '1',
    "'1'",
    '"1',
    '1"',
    '"a" "b"',
    ', '.repeat(5_000),
    `"a"${' '.repeat(9_000)}x`,
    '"'.repeat(999),
  ])('with an invalid If-Match are rejected with 400 (%#)', (tag) =>
    expectRefused(updateProduct, { path, body: { name: 'X' }, headers: { 'if-match': tag } }),
  );

  it('that no operation declares are ignored, whatever their length', async () => {
    const headers = {
      'x-store': 'other',
      'x-http-method-override': 'DELETE',
      'x-long': 'x'.repeat(10_000),
    };
    expect(await call(getProduct, { path, headers })).toMatchObject({ status: 200 });
  });
});

describe('a caller', () => {
  const listWith = (caller: object) => call(listStores, { caller });

  it.each([
    ['nothing', undefined],
    ['a number', 7],
    ['an object', { $ne: '' }],
    ['the star among others', ['*', 'x']],
    ['two stars', '* *'],
    ['an unfinished list', '[*'],
    ['an empty list', '[]'],
    ['no words in a list', [1, null, ['*'], { a: '*' }]],
    ['10,000 other stores', Array.from({ length: 10_000 }, (_, n) => `none-${n}`)],
    ['10,000 words', `[${'none '.repeat(10_000)}]`],
  ])('with %s in the claim `stores` sees no store', async (_, stores) => {
    const answer = await listWith({ stores: stores ?? null });
    expect(answer).toMatchObject({ status: 200, body: { items: [] } });
    expect(await call(getProduct, { path, caller: { stores: stores ?? null } })).toMatchObject({
      status: 404,
    });
  });

  it.each([null, '', 7, {}, ['a']])(
    'without a subject (%j) is answered with 401',
    async (subject) => {
      expect(await listWith({ subject: subject as never })).toMatchObject({ status: 401 });
    },
  );
});

it('rejects a body where the operation has none', async () => {
  const { operations } = await allFunctions();
  for (const handler of operations.values()) {
    if (handler.contract.body) continue;
    const names = handler.contract.routes[0]?.match(/(?<=\{)\w+/g) ?? [];
    const known: Record<string, string> = { store, product: '0'.repeat(24) };
    const parameters = Object.fromEntries(names.map((name) => [name, known[name] as string]));
    const answer = await call(handler, { path: parameters, body: '{"a":1}' });
    expect([handler.contract.name, answer.status]).toEqual([handler.contract.name, 400]);
  }
});

it('has no route for other methods', async () => {
  const { operations } = await allFunctions();
  const routes = [...operations.values()].flatMap(({ contract }) => contract.routes);
  expect(routes.filter((route) => !/^(?:GET|POST|PATCH|DELETE) \/[\w/{}.]*$/.test(route))).toEqual(
    [],
  );
});

it('creates no store with an id that could be a path, a pattern or a database name', async () => {
  for (const id of ['..', 'a/b', 'a.b', 'a$b', 'A', 'a b', '', '*', 'a'.repeat(31), { $gt: '' }])
    await expectRefused(createStore, { body: { id, name: 'X', currency: 'EUR' } });
});
