import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { handler } from '../../functions/get-openapi.ts';
import { call } from '../support/gateway.ts';

const text = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8');

describe('get-openapi', () => {
  it('serves the OpenAPI document to any client', async () => {
    const { status, headers, body } = await call(handler, { caller: null });
    expect(status).toBe(200);
    expect(body).toEqual(JSON.parse(text));
    expect(headers['content-type']).toBe('application/json');
    expect(headers['cache-control']).toBe('public, max-age=300');
  });

  it('answers 304 to clients that have the current document', async () => {
    const { headers } = await call(handler);
    expect(headers.etag).toMatch(/^"[\w-]{43}"$/);
    const again = await call(handler, { headers: { 'if-none-match': String(headers.etag) } });
    expect(again).toMatchObject({ status: 304, body: undefined });
    expect(again.headers).toMatchObject({
      etag: headers.etag,
      'cache-control': 'public, max-age=300',
    });
    const other = await call(handler, { headers: { 'if-none-match': '"another"' } });
    expect(other.status).toBe(200);
  });
});
