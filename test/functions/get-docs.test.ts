import { describe, expect, it } from '@jest/globals';
import { ASSETS, apiPage } from '#lib/api-page/api-page.ts';
import { handler } from '../../functions/get-docs.ts';
import { call } from '../support/gateway.ts';

describe('get-docs', () => {
  it('serves a page to any client, which can send requests only to this service', async () => {
    const { status, headers, body } = await call(handler, { caller: null });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    // Relative to the page, whatever the stage of the service.
    for (const [, address = ''] of body.matchAll(/(?:href|src)="([^"]*)"/g))
      expect(address).toMatch(/^(?:docs\/[\w.-]+|openapi\.json)$/);
  });

  it('serves each file that the page loads', async () => {
    const { body } = await call(handler);
    const parts = [...body.matchAll(/"docs\/([^"]+)"/g)].map(([, part]) => part);
    expect(parts.sort()).toEqual(ASSETS.filter((name) => name !== 'page.html').sort());
    for (const asset of ASSETS) {
      const { status, headers, body: part } = await call(handler, { path: { asset } });
      expect([status, headers['content-type']]).toEqual([200, apiPage[asset].type]);
      expect(part.length).toBeGreaterThan(50);
    }
  });

  it('answers 302 at the root, with the relative address of the page, to any client', async () => {
    const { status, headers, body } = await call(handler, { route: 'GET /', caller: null });
    expect([status, headers.location, body]).toEqual([302, 'docs', undefined]);
  });

  it('answers 400 for any other file', async () => {
    for (const asset of ['package.json', '../package.json', '__proto__', 'constructor'])
      expect(await call(handler, { path: { asset } })).toMatchObject({ status: 400 });
  });

  it('compresses for clients that accept it, with another ETag', async () => {
    const path = { asset: 'swagger-ui-bundle.js' };
    const plain = await call(handler, { path });
    const headers = { 'accept-encoding': 'br, gzip' };
    const zipped = await call(handler, { path, headers });
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(zipped.headers.etag).not.toBe(plain.headers.etag);
    expect(zipped.body.length).toBeLessThan(plain.body.length / 2);
    const known = { ...headers, 'if-none-match': String(zipped.headers.etag) };
    expect(await call(handler, { path, headers: known })).toMatchObject({ status: 304 });
    const refused = await call(handler, { path, headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });
});
