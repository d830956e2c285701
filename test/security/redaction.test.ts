import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Contract } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { captureLog } from '../support/captured-log.ts';
import { aProduct } from '../support/catalog.ts';
import { everyRow } from '../support/every-request.ts';
import type { TestRequest } from '../support/gateway.ts';
import { call, contextOf, eventOf } from '../support/gateway.ts';
import { sampleOf } from '../support/length.ts';
import { closeDirect } from '../support/mirror.ts';
import { allFunctions } from '../support/operations.ts';
import { servers } from '../support/settings.ts';
import { absentSite, openSite } from '../support/sites.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'INFO';
process.env.POWERTOOLS_METRICS_DISABLED = 'false';
process.env.CURSOR_SECRET = 'TopSecretOfCursors'.padEnd(32, '.');

type Site = Awaited<ReturnType<typeof openSite>>;

const { operations } = await allFunctions();

let mate: Site;
let other: Site;
const log = captureLog();
beforeAll(async () => {
  [mate, other] = [await openSite(), await openSite()];
});
beforeEach(log.clear);
afterAll(closeDirect);

/** Headers that a browser or a proxy adds: none may appear in the log or in a response. */
const secretHeaders = {
  authorization: 'Bearer TopSecretToken',
  cookie: 'session=TopSecretCookie',
  'x-api-key': 'TopSecretApiKey',
  referer: 'https://TopSecretPage.example',
};
let count = 0;

/** Returns the event of a request with secrets in its headers and context. */
function eventWith(operation: Operation<Contract>, request: TestRequest): APIGatewayProxyEventV2 {
  const headers = {
    ...secretHeaders,
    'idempotency-key': `TopSecretKey${++count}`,
    ...request.headers,
  };
  const caller =
    request.caller === null ? null : { subject: 'TopSecretSubject', ...request.caller };
  return {
    ...eventOf(operation, { ...request, headers, caller }),
    cookies: ['TopSecretCookie=1'],
    stageVariables: { variable: 'TopSecretVariable' },
  };
}

/** Sends a request, and expects a line in the log and no secret in that line or in the response. */
async function send(
  operation: string,
  change: Change,
  request: TestRequest,
  { id, word }: Site,
): Promise<number> {
  const handler = operations.get(operation) as Operation<Contract>;
  const result = await handler(change(eventWith(handler, request)), contextOf(handler));
  const status = result.statusCode ?? 0;
  expect(log.text).toContain(`"operation":"${operation}"`);
  // The log names the store, but nothing that is stored in it.
  const rest = log.text.replaceAll(id, '').replaceAll(mate.id, '');
  for (const secret of ['TopSecret', word, mate.word, ...Object.values(servers)])
    expect(rest).not.toContain(secret);
  for (const proxy of [primaryProxy, secondaryProxy]) expect(rest).not.toContain(proxy.uri);
  expect(JSON.stringify(result)).not.toMatch(/TopSecret/);
  return status;
}

type Change = (event: APIGatewayProxyEventV2) => APIGatewayProxyEventV2;
const unchanged: Change = (event) => event;

/** Changes that make a request fail, with a secret where it is not the name of a member. */
const mistakes: [string, number[], Change][] = [
  ['a body that is not JSON', [400, 415], (event) => ({ ...event, body: '{"sku":"TopSecret' })],
  [
    'a body with faults',
    [400, 404],
    (event) => ({
      ...event,
      headers: { 'content-type': 'application/json', ...event.headers },
      body: JSON.stringify({ sku: ['TopSecret'], by: 'TopSecret', stores: 'TopSecret', id: {} }),
    }),
  ],
  [
    'a body of an odd type',
    [400, 415],
    (event) => ({
      ...event,
      headers: { ...event.headers, 'content-type': 'text/TopSecret' },
      body: 'TopSecret',
    }),
  ],
  [
    'odd parameters in its path',
    [400],
    ({ pathParameters, ...event }) => ({
      ...event,
      rawPath: '/TopSecret',
      pathParameters: Object.fromEntries(
        Object.keys(pathParameters ?? { odd: '' }).map((name) => [name, 'TopSecret/id']),
      ),
    }),
  ],
  [
    'odd values in its query',
    [400],
    (event) => ({
      ...event,
      rawQueryString: 'cursor=TopSecret&odd=TopSecret',
      queryStringParameters: { cursor: 'TopSecret', odd: 'TopSecret', limit: 'TopSecret' },
    }),
  ],
  [
    'no token',
    [401],
    (event) => ({ ...event, requestContext: { ...event.requestContext, authorizer: {} } as never }),
  ],
  ['a token without its scope', [403], (event) => withClaims(event, { scope: 'TopSecretScope' })],
];

function withClaims(event: APIGatewayProxyEventV2, more: object): APIGatewayProxyEventV2 {
  const claims = { iss: 'https://TopSecret.example', sub: 'TopSecretSubject', ...more };
  const authorizer = { jwt: { claims, scopes: ['TopSecretScope'] } };
  return { ...event, requestContext: { ...event.requestContext, authorizer } as never };
}

describe.each(sampleOf(everyRow, 12))('%s (%s) reveals no secret', (operation, _, row) => {
  const isPublic = operations.get(operation)?.contract.scope === 'public';

  it('when it succeeds', async () => {
    const site = row.opens ? absentSite(mate) : await openSite();
    log.clear();
    const status = await send(operation, unchanged, row.request(site, mate), site);
    expect(status).toBe(row.status);
  });

  it('when the resource does not exist, or the store is hidden', async () => {
    const site = absentSite(mate);
    for (const stores of ['*', 'TopSecretStores'])
      await send(operation, unchanged, { ...row.request(site, mate), caller: { stores } }, site);
  });

  it.each(mistakes)('when it is rejected for %s', async (_, expected, change) => {
    const site = absentSite(mate);
    const request = row.request(site, mate);
    const status = await send(operation, change, request, site);
    if (!isPublic || expected.includes(400)) expect(expected).toContain(status);
  });

  it.each(['cut before', 'cut after'] as const)('when its servers are lost: %s', async (fate) => {
    const site = row.opens ? absentSite(mate) : other;
    for (const proxy of [primaryProxy, secondaryProxy]) proxy.decide = () => fate;
    const request = { ...row.request(site, mate), timeLeft: 2_000 };
    const status = await send(operation, unchanged, request, site);
    await heal();
    const isAnswered = operation === 'report-overview' || row.alone;
    if (!isAnswered) expect(status).toBeGreaterThanOrEqual(500);
  });
});

it('names an SKU that is taken in the response, and not in the log', async () => {
  const body = aProduct({ sku: 'TopSecretSku' });
  for (const expected of [201, 409]) {
    const { status } = await call(createProduct, { path: { store: mate.id }, body });
    expect(status).toBe(expected);
  }
  expect(log.text).toContain('duplicate-key');
  expect(log.text).not.toContain('TopSecret');
});
