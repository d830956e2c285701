import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readLambdaSecret } from '../../local/lambda-secret.ts';
import { type Service, startService } from '../support/service.ts';

/*
 * What a page of another site can send to a running `npm start`, written to the socket as a browser would write it.
 */

let service: Service;
let ports: Record<string, number>;
let secret: string;

beforeAll(async () => {
  service = await startService();
  const { iss } = JSON.parse(atob(service.token.split('.')[1] ?? ''));
  ports = {
    'the API': Number(new URL(service.url).port),
    'the issuer': Number(new URL(iss).port),
    'the Lambda endpoint': service.lambdaPort,
  };
  secret = (await readLambdaSecret(service.lambdaPort)) ?? '';
}, 120_000);
afterAll(() => service.stop());

/** Requests that have an effect, or a response that another site must not read; localhost gets 200. */
const requests: [string, string, () => string[], string][] = [
  ['the API', 'GET /stores', () => [`Authorization: Bearer ${service.token}`], ''],
  [
    'the issuer',
    'POST /token',
    () => ['Content-Type: application/x-www-form-urlencoded'],
    'grant_type=client_credentials&stores=*&scope=stores%3Aread',
  ],
  [
    'the Lambda endpoint',
    'POST /2015-03-31/functions/manystore-dev-roll-out-indexes/invocations',
    () => [`Authorization: Bearer ${secret}`],
    '{"mode":"plan"}',
  ],
];

/** Sends a request with these headers, and returns its response. */
async function send(
  port: number,
  [line, headers, body]: [string, string[], string],
): Promise<{ status: number; response: string }> {
  const socket = connect(port, 'localhost');
  await once(socket, 'connect');
  const all = [...headers, `Content-Length: ${body.length}`, 'Connection: close'];
  socket.write(`${line} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${body}`);
  const response = await text(socket).catch(() => '');
  return { status: Number(response.split(' ')[1] ?? 0), response };
}

const own = ['localhost', '127.0.0.1', '[::1]', 'LocalHost'];
const foreignHosts = [
  'evil.example',
  'localhost.evil.example',
  'evil.localhost',
  'localhost.',
  'localhost@evil.example',
  'evil.example@localhost',
  'evil.example#localhost',
  'localhost:3000:80',
  'localhost:3000, evil.example',
  '127.0.0.1.nip.example',
  '127.1',
  '127.0.0.2',
  '0.0.0.0',
  '2130706433',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '192.168.0.1',
];
const foreignOrigins = [
  'null',
  'https://evil.example',
  'https://localhost.evil.example',
  'http://evil.localhost',
  'http://localhost.',
  'http://localhost@evil.example',
  'http://localhost/path',
  'http://localhost:1/,https://evil.example',
  'http://localhost http://evil.example',
  'http://127.0.0.2',
  'http://[::ffff:127.0.0.1]',
  'file://',
  'file://localhost',
  'chrome-extension://localhost',
  'localhost',
  '',
];

describe.each(requests)('%s', (name, line, headers, body) => {
  const ask = (host: string[], origin: string[] = [], target = line) =>
    send(ports[name] ?? 0, [target, [...host, ...origin, ...headers()], body]);
  const Host = (host: string) => [`Host: ${host}`];

  it.each(own)('answers a client that names it %s, and a page of that host', async (host) => {
    for (const withPort of [host, `${host}:${ports[name]}`])
      expect(await ask(Host(withPort))).toMatchObject({ status: 200 });
    for (const origin of [`http://${host}`, `https://${host}:8443`])
      expect(await ask(Host('localhost'), [`Origin: ${origin}`])).toMatchObject({ status: 200 });
  });

  it.each(foreignHosts)('answers 403 to the host %s', async (host) => {
    const { status, response } = await ask(Host(host));
    expect([400, 403]).toContain(status);
    expect(response).not.toMatch(/access-control|access_token/i);
  });

  it.each(foreignOrigins)('answers 403 to a page of %j', async (origin) => {
    const { status, response } = await ask(Host('localhost'), [`Origin: ${origin}`]);
    expect(status).toBe(403);
    expect(response).not.toMatch(/access-control|access_token/i);
  });

  it('answers 403 to a preflight request of another site', async () => {
    const preflight = ['Origin: https://evil.example', 'Access-Control-Request-Method: POST'];
    const { status, response } = await ask(
      Host('localhost'),
      preflight,
      line.replace(/^\w+/, 'OPTIONS'),
    );
    expect(status).toBe(403);
    expect(response).not.toMatch(/access-control/i);
  });

  it.each([
    ['no host', [], [], undefined],
    ['two hosts', ['Host: localhost', 'Host: evil.example'], [], undefined],
    ['two origins', ['Host: localhost'], ['http://localhost', 'http://evil.example'], undefined],
    ['a URL with a host', ['Host: localhost'], [], 'http://evil.example'],
    ['a URL with its own host', ['Host: localhost'], [], 'http://localhost'],
  ])('rejects a request with %s', async (_, host, origins, prefix) => {
    const target = prefix ? line.replace(' ', ` ${prefix}`) : line;
    const { status } = await ask(
      host,
      origins.map((origin) => `Origin: ${origin}`),
      target,
    );
    expect([400, 403]).toContain(status);
  });

  it('rejects an upgrade and a tunnel of another site', async () => {
    const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
    for (const target of ['GET /', 'CONNECT evil.example:80']) {
      const { status } = await ask(
        Host('localhost'),
        [...upgrade, 'Origin: https://evil.example'],
        target,
      );
      expect([0, 400, 403]).toContain(status);
    }
  });
});

describe('the Lambda endpoint', () => {
  const invocation = (headers: string[], path = '2015-03-31/functions/manystore-dev-get-store') =>
    send(service.lambdaPort, [
      `POST /${path}/invocations`,
      ['Host: localhost', ...headers],
      JSON.stringify({ requestContext: { authorizer: { jwt: { claims: { stores: '*' } } } } }),
    ]);

  it.each([
    ['no secret', () => []],
    ['an empty secret', () => ['Authorization: Bearer ']],
    ['another secret', () => [`Authorization: Bearer ${'0'.repeat(64)}`]],
    ['another scheme', () => [`Authorization: Basic ${secret}`]],
    ['undefined', () => ['Authorization: Bearer undefined']],
    ['a token of the issuer', () => [`Authorization: Bearer ${service.token}`]],
    ['two secrets', () => ['a', secret].map((word) => `Authorization: Bearer ${word}`)],
  ])('answers 403 to a client with %s', async (_, headers) => {
    expect(await invocation(headers())).toMatchObject({ status: 403 });
  });

  it('answers 403 without the secret on its other paths', async () => {
    for (const path of ['2014-11-13/functions/manystore-dev-get-store', '', 'docs'])
      expect(await invocation([], path)).toMatchObject({ status: 403 });
  });

  it('has a secret that was made for this start', () => {
    expect(secret).toMatch(/^[\da-f]{64}$/);
  });
});
