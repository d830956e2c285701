import { describe, expect, it } from '@jest/globals';
import { handler } from '../../functions/get-store.ts';
import { openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

describe('get-store', () => {
  it('returns the store with its ETag', async () => {
    const store = await openStore();
    const { status, headers, body } = await call(handler, { path: { store } });
    expect(status).toBe(200);
    expect(headers.etag).toBe('"1"');
    expect(body).toMatchObject({ id: store, name: 'A Store', currency: 'USD', status: 'active' });
  });

  it('answers 304 without a body when If-None-Match is current', async () => {
    const store = await openStore();
    const { status, headers, body } = await call(handler, {
      path: { store },
      headers: { 'if-none-match': '"0", "1"' },
    });
    expect([status, headers.etag, body]).toEqual([304, '"1"', undefined]);
  });

  it.each(['constructor', 'admin', 'no-such-store'])(
    'answers 404 for the store %s',
    async (store) => {
      const { status, body } = await call(handler, { path: { store } });
      expect(status).toBe(404);
      expect(body).toEqual({
        type: 'urn:manystore:problem:not-found',
        title: 'Not found',
        status: 404,
        detail: 'The store does not exist, or the token does not cover it.',
        instance: expect.stringMatching(/^urn:manystore:request:/),
      });
    },
  );
});
