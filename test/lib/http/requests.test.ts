import { describe, expect, it } from '@jest/globals';
import { handler as createProduct } from '../../../functions/create-product.ts';
import { handler as updateProduct } from '../../../functions/update-product.ts';
import { addProduct, aProduct } from '../../support/catalog.ts';
import { call, contextOf, eventOf } from '../../support/gateway.ts';

/** Sends bytes as API Gateway sends a binary body: in base64. */
async function sendBytes(bytes: Buffer, type = 'application/json') {
  const request = { body: bytes.toString('base64'), headers: { 'content-type': type } };
  const event = { ...eventOf(createProduct, request), isBase64Encoded: true };
  const result = await createProduct(event, contextOf(createProduct));
  return { status: result.statusCode, body: JSON.parse(result.body ?? '{}') };
}

describe('a request body', () => {
  it.each([
    ['application/json', 201],
    ['Application/JSON; Charset=UTF-8', 201],
    ['application/json;charset="utf-8"', 201],
    ['application/json; charset=iso-8859-1', 415],
    ['application/x-www-form-urlencoded', 415],
    ['text/plain', 415],
    ['application/merge-patch+json', 415],
    ['', 415],
  ])('with the content type %j is answered with %d', async (type, expected) => {
    const { status } = await call(createProduct, {
      body: aProduct(),
      headers: { 'content-type': type },
    });
    expect(status).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['half a document', '{"sku":'],
    ['a form', 'sku=1'],
    ['two documents', '{}{}'],
    ['a trailing comma', '{"sku":"1",}'],
    ['a member __proto__', '{"__proto__":{"sku":"1"}}'],
  ])('with %s is rejected with 400', async (_, body) => {
    const answer = await call(createProduct, {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ in: 'body', pointer: '' }]);
  });

  it('is read from base64', async () => {
    const { status, body } = await sendBytes(Buffer.from(JSON.stringify(aProduct({ name: 'Ö' }))));
    expect([status, body.name]).toEqual([201, 'Ö']);
  });

  it('that is not UTF-8 is rejected with 400', async () => {
    const latin = Buffer.from(JSON.stringify(aProduct({ name: 'Ö' })), 'latin1');
    expect(await sendBytes(latin)).toMatchObject({ status: 400 });
  });

  it('that is nested more deeply than the call stack is rejected with 400', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    for (const sku of ['A', '\\u0041', '1234567890123456'])
      expect(await call(createProduct, { body: `{"sku":"${sku}","name":${deep}}` })).toMatchObject({
        status: 400,
      });
  });

  it('is rejected with at most a hundred faults', async () => {
    const names = Array.from({ length: 9_999 }, (_, i) => [`x${i}`, 1]);
    const { status, body } = await call(createProduct, { body: Object.fromEntries(names) });
    expect([status, body.errors.length]).toEqual([400, 100]);
  });

  it('that is too large is rejected with 413', async () => {
    const body = aProduct({ description: 'x'.repeat(300_000) });
    const answer = await call(createProduct, { body });
    expect([answer.status, answer.body.title]).toEqual([413, 'Content too large']);
  });
});

it('accepts a patch as application/merge-patch+json, and answers 415 for an undeclared type', async () => {
  const { path } = await addProduct({});
  const send = (type: string) =>
    call(updateProduct, { path, body: { name: 'X' }, headers: { 'content-type': type } });
  expect(await send('application/merge-patch+json')).toMatchObject({ status: 200 });
  expect(await send('application/json-patch+json')).toMatchObject({ status: 415 });
});
