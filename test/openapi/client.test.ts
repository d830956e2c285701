import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { manystore } from '../../docs/client/client.ts';
import { clientTypes, PATHS } from '../../openapi/client.ts';

describe('the typed client', () => {
  it('has the types that `npm run client` generates from the document', async () => {
    expect((await clientTypes()) === readFileSync(PATHS, 'utf8')).toBe(true);
  });

  it('sends a token with each request, and gets a new token for each', async () => {
    const sent: Request[] = [];
    const tokens = ['first', 'second'];
    const catalog = manystore({
      url: 'https://catalog.example',
      token: async () => tokens.shift() ?? '',
      fetch: async (request) => {
        sent.push(request);
        return Response.json({ items: [], next: null });
      },
    });
    await catalog.GET('/stores');
    await catalog.GET('/products', { params: { query: { q: 'mug', limit: 5 } } });
    expect(sent.map(({ url, headers }) => [url, headers.get('authorization')])).toEqual([
      ['https://catalog.example/stores', 'Bearer first'],
      ['https://catalog.example/products?q=mug&limit=5', 'Bearer second'],
    ]);
  });

  it('does not compile with requests that the service would reject', () => {
    const catalog = manystore({ url: 'https://catalog.example', token: '' });
    const mistakes = [
      // @ts-expect-error: There is no such route.
      () => catalog.GET('/shops'),
      // @ts-expect-error: A product has a price.
      () => catalog.POST('/products', { body: { sku: 'A', name: 'A' } }),
      // @ts-expect-error: Stock is changed by a number.
      () => catalog.POST('/transfers', { body: { from: 'a', to: 'b', sku: 'A', quantity: '1' } }),
      // @ts-expect-error: A store's products need the store's id.
      () => catalog.GET('/stores/{store}/products'),
    ];
    expect(mistakes).toHaveLength(4);
  });
});
