import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { readParameter } from '#lib/runtime/parameter-store.ts';
import { settings } from '#lib/runtime/settings.ts';
import { handler } from '../../../functions/list-stores.ts';
import { call } from '../../support/gateway.ts';
import {
  ParameterStore,
  parameter,
  refusal,
  type StoreAnswer,
} from '../../support/parameter-store.ts';
import { servers } from '../../support/settings.ts';

/*
 * On AWS, the secrets are a parameter of Systems Manager. Here, a local server replaces it.
 */

const store = new ParameterStore({
  id: 'id-of-the-role',
  secret: 'its secret',
  token: 'its token',
});
const cursor = 'signs the cursors of this very test';
const secrets = parameter(JSON.stringify({ ...servers, cursor }));

const request = () => call(handler);

beforeAll(async () => {
  Object.assign(process.env, await store.listen());
  process.env.SECRETS_PARAMETER = '/manystore/test secrets';
  delete process.env.PRIMARY_CONN_STR;
  delete process.env.SECONDARY_CONN_STR;
  delete process.env.CURSOR_SECRET;
});
beforeEach(() => {
  store.asked.length = 0;
});
afterAll(() => {
  store.shut();
});

it.each([
  ['the role may not read it', refusal(400, 'AccessDeniedException'), 1],
  ['there is no such parameter', refusal(400, 'ParameterNotFound'), 1],
  ['Parameter Store fails', refusal(500, 'InternalServerError'), 3],
  ['the response is not from Parameter Store', { status: 200, body: '<html>' }, 1],
  ['the parameter is not JSON', parameter('s3cret'), 1],
  ['the parameter is not an object', parameter('null'), 1],
  ['the parameter lacks a member', parameter('{"primary":"mongodb://u:s3cret@x"}'), 1],
  ...['', ' '.repeat(40), 's3cret', `s3cret${'.'.repeat(25)}`].map(
    (short): [string, StoreAnswer, number] => [
      `the secret of cursors is ${JSON.stringify(short)}`,
      parameter(JSON.stringify({ ...servers, cursor: short })),
      1,
    ],
  ),
  ...['', ' '].map((empty): [string, StoreAnswer, number] => [
    `a connection string is ${JSON.stringify(empty)}`,
    parameter(JSON.stringify({ ...servers, secondary: empty, cursor })),
    1,
  ]),
])('answers 503, and retries with the next request, when %s', async (_, answer, times) => {
  store.answers = [answer];
  const { status, body } = await request();
  expect([status, body.title]).toEqual([503, 'Service unavailable']);
  expect(JSON.stringify(body)).not.toContain('s3cret');
  expect(store.asked).toHaveLength(times);
});

it("reads the secrets once, with the function's role, after a ThrottlingException", async () => {
  store.answers = [refusal(400, 'ThrottlingException'), secrets];
  expect(await request()).toMatchObject({ status: 200, body: { items: [] } });
  expect(await request()).toMatchObject({ status: 200 });
  const asked = {
    target: 'AmazonSSM.GetParameter',
    Name: '/manystore/test secrets',
    WithDecryption: true,
  };
  expect(store.asked).toEqual([asked, asked]);
});

it('retries when the connection breaks', async () => {
  const { secrets: place } = settings();
  if (!('parameter' in place)) throw new Error('It has its secrets already');
  store.answers = [];
  const value = readParameter(place);
  while (store.asked.length === 0) await new Promise(setImmediate);
  store.answers = [secrets];
  expect(JSON.parse(await value)).toEqual({ ...servers, cursor });
});
