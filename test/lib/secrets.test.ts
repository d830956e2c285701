import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { servers } from '../support/settings.ts';

/*
 * In AWS the secrets come through an extension that listens beside the function. Here the test listens there.
 */

const asked: IncomingMessage[] = [];
let answer: { status: number; body: string } = { status: 400, body: 'not ready' };
const extension = createServer((request, response) => {
  asked.push(request);
  response.writeHead(answer.status).end(answer.body);
});

const parameter = (value: unknown) => ({
  status: 200,
  body: JSON.stringify({ Parameter: { Value: value } }),
});

const load = async () => {
  const { call } = await import('../support/gateway.ts');
  const { handler } = await import('../../functions/list-stores.ts');
  return call(handler);
};

beforeAll(async () => {
  await new Promise<void>((resolve) => extension.listen(0, '127.0.0.1', resolve));
  const { port } = extension.address() as AddressInfo;
  process.env.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT = String(port);
  process.env.AWS_SESSION_TOKEN = 'the token of the role';
  process.env.SECRETS_PARAMETER = '/manystore/test secrets';
  delete process.env.PRIMARY_CONN_STR;
  delete process.env.SECONDARY_CONN_STR;
  delete process.env.CURSOR_SECRET;
});
afterAll(() => {
  extension.close();
});

it.each([
  ['the extension is not ready', { status: 400, body: 'not ready to serve traffic' }],
  ['the parameter is no JSON', parameter('s3cret')],
  ['the parameter lacks a member', parameter('{"primary":"mongodb://u:s3cret@x"}')],
])('answers 503, and tries again with the next request, when %s', async (_, given) => {
  answer = given;
  const { status, body } = await load();
  expect([status, body.title]).toEqual([503, 'Service unavailable']);
  expect(JSON.stringify(body)).not.toContain('s3cret');
});

it('reads the secrets once from a parameter, as the role of the function', async () => {
  asked.length = 0;
  answer = parameter(JSON.stringify({ ...servers, cursor: 'signs' }));
  expect(await load()).toMatchObject({ status: 200, body: { items: [] } });
  expect(await load()).toMatchObject({ status: 200 });
  expect(asked).toHaveLength(1);
  expect(asked[0]?.url).toBe(
    '/systemsmanager/parameters/get?name=%2Fmanystore%2Ftest+secrets&withDecryption=true',
  );
  expect(asked[0]?.headers['x-aws-parameters-secrets-token']).toBe('the token of the role');
});
