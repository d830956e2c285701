import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Manystore,
  ManystoreError,
  manystore,
  NetworkError,
  type NewStore,
  type Problem,
} from '@manystore/client';
import { gateway, problem } from './support/replies.ts';
import { type ScriptedServer, startScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
let client: Manystore;
beforeAll(async () => {
  server = await startScriptedServer();
  client = manystore({ url: server.url, token: 'secret', maxRetries: 0 });
});
afterAll(() => server.stop());

const list = () => client.GET('/stores');
const failureOf = (call: Promise<unknown>): Promise<ManystoreError> =>
  call.then(
    () => {
      throw new Error('The call succeeded');
    },
    (error) => error,
  );

describe('an error', () => {
  it('of the service has the problem, and says what happened in which request', async () => {
    const faults = ['/name is required', '/price/amount must be of type integer'].map((text) => {
      const [pointer = '', ...reason] = text.split(' ');
      return { in: 'body', pointer, reason: reason.join(' ') };
    });
    server.reply(
      problem(400, 'invalid-request', {
        title: 'Invalid request',
        detail: "The request does not match this operation's schema.",
        errors: faults,
      }),
    );
    const error = await failureOf(client.POST('/stores', { body: {} as NewStore }));
    expect(error).toBeInstanceOf(ManystoreError);
    expect(error.message).toBe(
      "400 Invalid request: The request does not match this operation's schema. body/name is required; " +
        `body/price/amount must be of type integer [POST ${server.url}/stores, request 4f2c]`,
    );
    expect(error).toMatchObject({
      name: 'ManystoreError',
      status: 400,
      kind: 'invalid-request',
      type: 'urn:manystore:problem:invalid-request',
      title: 'Invalid request',
      detail: "The request does not match this operation's schema.",
      errors: faults,
      requestId: '4f2c',
      method: 'POST',
      url: `${server.url}/stores`,
      attempts: 1,
      idempotencyKey: server.received[0]?.headers['idempotency-key'],
      problem: { status: 400, instance: 'urn:manystore:request:4f2c' },
    });
  });

  it('has the members of its kind of problem, the headers, and the outcome of the change', async () => {
    const members = { stock: 3, outcome: 'unknown' };
    server.reply(
      problem(409, 'insufficient-stock', members, { etag: '"7"', 'x-request-id': 'r1' }),
    );
    const error = await failureOf(list());
    const { problem: found } = error as { problem: Problem | undefined };
    const stock = found?.type === 'urn:manystore:problem:insufficient-stock' ? found.stock : -1;
    expect([stock, error.headers.get('etag'), error.outcome]).toEqual([3, '"7"', 'unknown']);
    expect(error.requestId).toBe('r1');
  });

  it('lists only the first faults in its message', async () => {
    const fault = { in: 'query', pointer: '/a', reason: 'is not recognized' };
    server.reply(problem(400, 'invalid-request', { errors: Array(8).fill(fault) }));
    const { message, errors } = await failureOf(list());
    expect(message).toContain('query/a is not recognized; and 3 more [GET');
    expect(errors).toHaveLength(8);
  });

  it.each([
    [401, 'Unauthorized', 'unauthorized', '401 Unauthorized: The gateway rejected the token: '],
    [403, 'Forbidden', 'forbidden', '403 Forbidden: The token lacks the scope that '],
    [404, 'Not Found', 'no-such-route', '404 No such route: Check the URL of the service. '],
    [413, 'Too Large', 'content-too-large', '413 Content too large: The gateway rejected the size'],
    [429, 'Too Many Requests', 'too-many-requests', '429 Too many requests: The rate limit, which'],
    [500, 'Internal Server Error', 'internal-error', '500 Internal error: The service failed '],
    [502, 'Bad Gateway', 'unavailable', '502 Service unavailable: The gateway received no '],
    [503, 'Service Unavailable', 'unavailable', '503 Service unavailable: The gateway received '],
    [504, 'Gateway Timeout', 'unavailable', '504 Service unavailable: The gateway received no '],
    [418, "I'm a teapot", 'unexpected-response', '418 Unexpected response: The response does not '],
  ])('says what a %i of the gateway means', async (status, text, kind, message) => {
    server.reply(gateway(status, text, { 'apigw-requestid': 'abc=' }));
    const error = await failureOf(list());
    expect(error).toMatchObject({ status, kind, type: 'about:blank', errors: [] });
    expect(error.problem).toBeUndefined();
    expect(error.message.slice(0, message.length)).toBe(message);
    expect(error.message).toContain(`The response was "${text}". [GET ${server.url}/stores`);
    expect(error.message).toMatch(/, request abc=\]$/);
  });

  it.each([
    ['a page of a proxy', '<html>Bad gateway</html>', 'The response was "<html>Bad gateway'],
    ['nothing', undefined, 'A change may have been applied. [GET'],
    ['JSON that is not an object', 'null', 'The response was "null"'],
  ])('quotes a response that is %s', async (_, body, expected) => {
    server.reply({ status: 502, ...(body === undefined ? {} : { body }) });
    expect((await failureOf(list())).message).toContain(expected);
  });

  it('is thrown for a 200 with a web page, which a wrong URL leads to', async () => {
    server.reply({ status: 200, body: '<!doctype html><title>A shop</title>' });
    const error = await failureOf(list());
    expect(error).toMatchObject({ status: 200, kind: 'unexpected-response', attempts: 1 });
    expect(error.message).toContain('Check its URL. The response was "<!doctype html>');
    expect((await client.GET('/docs')).data).toContain('A shop');
  });

  it('is thrown for a 304: the copy is current', async () => {
    server.reply({ status: 304, headers: { etag: '"1"' } });
    const params = { path: { store: 'acme' }, header: { 'If-None-Match': '"1"' } };
    const error = await failureOf(client.GET('/stores/{store}', { params }));
    expect(error).toMatchObject({ status: 304, kind: 'not-modified' });
  });

  it('contains no token and no body of the request', async () => {
    server.reply(gateway(500, 'Internal Server Error'));
    const body = { id: 'acme', name: 'A private name', currency: 'EUR' };
    const error = await failureOf(client.POST('/stores', { body }));
    expect(JSON.stringify({ ...error, message: error.message })).not.toMatch(/secret|private/);
  });
});

describe('without a response', () => {
  /** A port at which nothing listens. */
  async function closedPort(): Promise<number> {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    return port;
  }

  it('the error names the URL that could not be reached, and has the cause', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const error = await failureOf(manystore({ url, maxRetries: 0 }).GET('/stores'));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error.message).toMatch(/^No response: fetch failed: .*ECONNREFUSED/);
    expect(error.message).toContain(`[GET ${url}/stores]`);
    expect(error.cause).toMatchObject({ message: 'fetch failed' });
  });

  it('within the timeout, the error says so', async () => {
    server.reply('no response');
    const error = await failureOf(client.GET('/stores', { timeoutMs: 50 }));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error.message).toContain('No response: The response took more than 50 ms [GET');
    expect(error.cause).toMatchObject({ name: 'TimeoutError' });
  });

  it.each(['a broken connection', 'half a response'] as const)(
    'after %s, the call fails',
    async (reply) => {
      server.reply(reply);
      expect(await failureOf(list())).toBeInstanceOf(NetworkError);
    },
  );

  it('a call that is aborted throws the reason of its signal, and no other request follows', async () => {
    server.reply('no response');
    const stop = new AbortController();
    const call = manystore({ url: server.url }).GET('/stores', { signal: stop.signal });
    await server.hasReceived(1);
    stop.abort(new Error('The user left'));
    await expect(call).rejects.toThrow('The user left');
    await expect(client.GET('/stores', { signal: stop.signal })).rejects.toThrow('The user left');
    expect(server.received).toHaveLength(1);
  });
});
