import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Manystore, manystore } from '@manystore/client';
import { page } from './support/replies.ts';
import { type ScriptedServer, startScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
let client: Manystore;
beforeAll(async () => {
  server = await startScriptedServer();
  client = manystore({ url: `${server.url}/`, token: 'secret' });
});
afterAll(() => server.stop());

const inAcme = { params: { path: { store: 'acme' } } };

describe('a request', () => {
  it('has the path, the query and the token, and a 200 returns its data', async () => {
    server.reply(page(['acme']));
    const { data, response } = await client.GET('/stores/{store}/products', {
      params: { path: { store: 'a/b' }, query: { q: 'tea & cups', limit: 5 } },
    });
    expect([response.status, data.items]).toEqual([200, [{ id: 'acme' }]]);
    expect(server.received).toMatchObject([
      {
        method: 'GET',
        url: '/stores/a%2Fb/products?q=tea%20%26%20cups&limit=5',
        headers: { authorization: 'Bearer secret' },
        body: '',
      },
    ]);
  });

  it('has a JSON body, and the headers of its parameters', async () => {
    server.reply({ status: 200, body: { name: 'Acme' } });
    await client.PATCH('/stores/{store}', {
      params: { path: { store: 'acme' }, header: { 'If-Match': '"1"' } },
      body: { name: 'Acme' },
    });
    expect(server.received).toMatchObject([
      {
        headers: { 'content-type': 'application/json', 'if-match': '"1"' },
        body: '{"name":"Acme"}',
      },
    ]);
  });

  it('has a file as it is, with the content type that a string requires', async () => {
    server.reply({ status: 200, body: { created: 1 } });
    const path = '/stores/{store}/products/import';
    const body = 'sku,name\nA,Ä\n';
    await client.POST(path, { ...inAcme, body, headers: { 'content-type': 'text/csv' } });
    expect(server.received).toMatchObject([{ headers: { 'content-type': 'text/csv' }, body }]);
    await expect(client.POST(path, { ...inAcme, body })).rejects.toThrow(/requires a content-type/);
  });

  it('returns text as it is, and nothing for a 204', async () => {
    const headers = { 'content-type': 'application/x-ndjson' };
    server.reply({ status: 200, headers, body: '{}\n{}\n' }, { status: 204 });
    const { data } = await client.GET('/stores/{store}/products/export', inAcme);
    expect(data).toBe('{}\n{}\n');
    const path = { store: 'acme', product: 'f'.repeat(24) };
    const { data: nothing } = await client.DELETE('/stores/{store}/products/{product}', {
      params: { path },
    });
    expect(nothing).toBeUndefined();
  });

  it.each(['', '.', '..'])(
    'is not sent with "%s" in its path, which would change the route',
    async (store) => {
      server.reply(page([]));
      const params = { path: { store, product: 'f'.repeat(24) } };
      await expect(client.DELETE('/stores/{store}/products/{product}', { params })).rejects.toThrow(
        'The path parameter "store" must not be',
      );
      expect(server.received).toEqual([]);
    },
  );

  it('needs a URL that is valid', () => {
    expect(() => manystore({ url: 'catalog.example' })).toThrow('Invalid URL');
  });

  it('has no token if the client has none', async () => {
    server.reply({ status: 200, body: { status: 'ok' } });
    await manystore({ url: server.url }).GET('/health');
    expect(server.received[0]?.headers).not.toHaveProperty('authorization');
  });
});

describe('a token function', () => {
  const unauthorized = { status: 401, body: { message: 'Unauthorized' } };

  it('is called for each request', async () => {
    server.reply(page([]));
    const tokens = ['first', 'second'];
    const own = manystore({ url: server.url, token: async () => tokens.shift() ?? '' });
    await own.GET('/stores');
    await own.GET('/stores');
    const sent = server.received.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(['Bearer first', 'Bearer second']);
  });

  it('is called once more after a 401, with the rejected token', async () => {
    server.reply(unauthorized, page(['acme']));
    const own = manystore({ url: server.url, token: (rejected) => `not ${rejected}` });
    expect((await own.GET('/stores')).data.items).toHaveLength(1);
    const sent = server.received.map(({ headers }) => headers.authorization);
    expect(sent).toEqual(['Bearer not undefined', 'Bearer not not undefined']);
  });

  it('is not called again after a second 401', async () => {
    server.reply(unauthorized);
    const own = manystore({ url: server.url, token: () => 'expired' });
    await expect(own.GET('/stores')).rejects.toMatchObject({ status: 401, attempts: 2 });
    expect(server.received).toHaveLength(2);
  });

  it('makes a call fail with its own error', async () => {
    const own = manystore({ url: server.url, token: () => Promise.reject(new Error('No token')) });
    await expect(own.GET('/stores')).rejects.toThrow('No token');
  });

  it('can be a text, which is sent once: a 401 is an error', async () => {
    server.reply(unauthorized);
    await expect(client.GET('/stores')).rejects.toMatchObject({ status: 401, attempts: 1 });
  });
});

describe('an iterator', () => {
  it('yields the items of all pages, one page at a time', async () => {
    server.reply(page(['a', 'b'], 'c1'), page([], 'c2'), page(['c']));
    const found: string[] = [];
    const requests: number[] = [];
    for await (const { id } of client.items('/stores', { params: { query: { limit: 2 } } })) {
      found.push(id);
      requests.push(server.received.length);
    }
    expect(found).toEqual(['a', 'b', 'c']);
    expect(requests).toEqual([1, 1, 3]);
    expect(server.received.map(({ url }) => url)).toEqual([
      '/stores?limit=2',
      '/stores?limit=2&cursor=c1',
      '/stores?limit=2&cursor=c2',
    ]);
  });

  it('requests no more pages than it needs', async () => {
    server.reply(page(['a', 'b'], 'c1'));
    for await (const { id } of client.items('/stores')) if (id === 'a') break;
    expect(server.received).toHaveLength(1);
  });

  it('yields the pages of an export, which follow the Link header', async () => {
    const csv = (body: string, link?: string) => ({
      status: 200,
      headers: { 'content-type': 'text/csv', ...(link ? { link } : {}) },
      body,
    });
    server.reply(
      csv('sku\nA\n', '</stores/acme/products/export?format=csv&cursor=a%2Bb>; rel="next"'),
      csv('sku\nB\n'),
    );
    const files: string[] = [];
    for await (const file of client.pages('/stores/{store}/products/export', {
      params: { path: { store: 'acme' }, query: { format: 'csv' } },
    }))
      files.push(file);
    expect(files).toEqual(['sku\nA\n', 'sku\nB\n']);
    expect(server.received[1]?.url).toBe('/stores/acme/products/export?format=csv&cursor=a%2Bb');
  });

  it('yields an empty file for an export without products', async () => {
    server.reply({ status: 200, headers: { 'content-type': 'application/x-ndjson' }, body: '' });
    const files: string[] = [];
    for await (const file of client.pages('/products/export')) files.push(file);
    expect(files).toEqual(['']);
  });

  it('ends with the reason of its signal, also between two items', async () => {
    server.reply(page(['a', 'b'], 'c1'));
    const stop = new AbortController();
    const found: string[] = [];
    const iterate = async () => {
      for await (const { id } of client.items('/stores', { signal: stop.signal })) {
        found.push(id);
        stop.abort(new Error('Enough'));
      }
    };
    await expect(iterate()).rejects.toThrow('Enough');
    expect([found, server.received.length]).toEqual([['a'], 1]);
  });
});

describe('the types', () => {
  it('do not compile with requests that the service would reject', () => {
    const price = { amount: 1, currency: 'EUR' };
    const mistakes = [
      // @ts-expect-error: There is no such route.
      () => client.GET('/shops'),
      // @ts-expect-error: The route has no such method.
      () => client.DELETE('/stores'),
      // @ts-expect-error: A product has a price.
      () => client.POST('/products', { body: { sku: 'A', name: 'A' } }),
      // @ts-expect-error: A product has no colour.
      () => client.POST('/products', { body: { sku: 'A', name: 'A', price, colour: 'red' } }),
      // @ts-expect-error: Stock is changed by a number.
      () => client.POST('/transfers', { body: { from: 'a', to: 'b', sku: 'A', quantity: '1' } }),
      // @ts-expect-error: A store's products need the store's id.
      () => client.GET('/stores/{store}/products'),
      // @ts-expect-error: Stores have no category.
      () => client.GET('/stores', { params: { query: { category: 'Tea' } } }),
      // @ts-expect-error: A list has no body.
      () => client.GET('/stores', { body: {} }),
      // @ts-expect-error: A product is not a list.
      () => client.items('/products/{product}', { params: { path: { product: 'a' } } }),
    ];
    expect(mistakes).toHaveLength(9);
  });
});
