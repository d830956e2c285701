import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Manystore, manystore } from '@manystore/client';
import { pause } from '../src/attempt.ts';
import { delayBefore } from '../src/retry.ts';
import { retryAfterMs } from '../src/retry-after.ts';
import { gateway, page, problem } from './support/replies.ts';
import { type Reply, type ScriptedServer, startScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
let client: Manystore;
beforeAll(async () => {
  server = await startScriptedServer();
  client = manystore({ url: server.url, retryDelayMs: 1, maxRetryDelayMs: 1_000 });
});
afterAll(() => server.stop());

const store = { status: 201, body: { id: 'acme' } };
const read = () => client.GET('/stores');
const create = (key?: string) =>
  client.POST('/stores', {
    body: { id: 'acme', name: 'Acme', currency: 'EUR' },
    ...(key ? { params: { header: { 'Idempotency-Key': key } } } : {}),
  });
const rename = (tag?: string) =>
  client.PATCH('/stores/{store}', {
    params: { path: { store: 'acme' }, ...(tag ? { header: { 'If-Match': tag } } : {}) },
    body: { name: 'Acme' },
  });
const close = () => client.DELETE('/stores/{store}', { params: { path: { store: 'acme' } } });
const keys = () => server.received.map(({ headers }) => headers['idempotency-key']);

const unavailable = (members: object = {}, headers: Record<string, string> = {}) =>
  problem(503, 'unavailable', { ...members }, headers);
const stillRunning = problem(409, 'still-running', {}, { 'retry-after': '0' });

/** What makes a request fail in a way that may pass. */
const FAULTS: [name: string, reply: Reply][] = [
  ['a broken connection', 'a broken connection'],
  ['half a response', 'half a response'],
  ['a 429 of the gateway', gateway(429, 'Too Many Requests')],
  ['a 500 of the service', problem(500, 'internal-error')],
  ['a 502', gateway(502, 'Bad Gateway')],
  ['a 503 of the service', unavailable({}, { 'retry-after': '0' })],
  ['a 503 of the gateway', gateway(503, 'Service Unavailable')],
  ['a 504', gateway(504, 'Gateway Timeout')],
];

describe('a retry', () => {
  it.each(FAULTS)('repeats a read after %s', async (_, fault) => {
    server.reply(fault, fault, page(['acme']));
    expect((await read()).data.items).toHaveLength(1);
    expect(server.received).toHaveLength(3);
  });

  it.each([...FAULTS, ['a 409 of the same key', stillRunning] as const])(
    'repeats a POST after %s, with the same key and body',
    async (_, fault) => {
      server.reply(fault, fault, store);
      expect((await create()).response.status).toBe(201);
      expect(keys()).toHaveLength(3);
      expect(keys()[0]).toMatch(/^[0-9a-f]{32}$/);
      expect(new Set(keys()).size).toBe(1);
      expect(new Set(server.received.map(({ body }) => body)).size).toBe(1);
    },
  );

  it('of another call has another key, and a given key is sent as it is', async () => {
    server.reply(store);
    await create();
    await create();
    expect(new Set(keys()).size).toBe(2);
    server.reply('a broken connection', store);
    await create('receipt-1');
    expect(keys()).toEqual(['receipt-1', 'receipt-1']);
  });

  it('repeats a DELETE, and a PATCH that depends on a version', async () => {
    server.reply('a broken connection', { status: 200, body: { status: 'closed' } });
    await close();
    server.reply('a broken connection', { status: 200, body: { name: 'Acme' } });
    await rename('"1"');
    expect(server.received.map(({ headers }) => headers['if-match'])).toEqual(['"1"', '"1"']);
  });

  it('repeats a PATCH of any version if the service says that it is safe', async () => {
    const renamed = { status: 200, body: { name: 'Acme' } };
    for (const safe of [
      unavailable({ outcome: 'unknown' }, { 'retry-after': '0' }),
      unavailable({ outcome: 'not-applied' }),
      problem(500, 'internal-error', { outcome: 'not-applied' }),
      gateway(429, 'Too Many Requests'),
    ]) {
      server.reply(safe, renamed);
      expect((await rename()).response.status).toBe(200);
    }
  });

  it.each<[string, Reply]>([
    ['a broken connection', 'a broken connection'],
    ['a 500', problem(500, 'internal-error', { outcome: 'unknown' })],
    ['a 503 without Retry-After', unavailable({ outcome: 'unknown' })],
    ['a 504 of the gateway', gateway(504, 'Gateway Timeout')],
  ])('does not repeat a PATCH of any version after %s', async (_, fault) => {
    server.reply(fault);
    await expect(rename()).rejects.toMatchObject({ attempts: 1 });
    expect(server.received).toHaveLength(1);
  });

  it('does not repeat a PATCH of any existing version', async () => {
    server.reply('a broken connection');
    await expect(rename('*')).rejects.toMatchObject({ attempts: 1 });
  });

  it.each<[string, Reply]>([
    ['a 400', problem(400, 'invalid-request')],
    ['a 403', gateway(403, 'Forbidden')],
    ['a 404', problem(404, 'not-found')],
    ['a 409 of a duplicate key', problem(409, 'duplicate-key')],
    ['a 412', problem(412, 'stale-tag')],
    ['a 422', problem(422, 'idempotency-key-reused')],
  ])('does not follow %s', async (_, reply) => {
    server.reply(reply);
    await expect(create()).rejects.toMatchObject({ attempts: 1 });
    await expect(read()).rejects.toMatchObject({ attempts: 1 });
  });

  it('is the last one after 4, and the error counts the attempts', async () => {
    server.reply(gateway(503, 'Service Unavailable'));
    await expect(read()).rejects.toThrow(/, 5 attempts\]$/);
    expect(server.received).toHaveLength(5);
    server.reply('a broken connection');
    const error = await create().catch((thrown) => thrown);
    expect([error.attempts, error.idempotencyKey]).toEqual([5, keys()[0]]);
  });

  it('does not wait for longer than the client is willing to', async () => {
    server.reply(unavailable({}, { 'retry-after': '2' }));
    await expect(read()).rejects.toMatchObject({ attempts: 1, retryAfterMs: 2_000 });
  });

  it('can be turned off for a call', async () => {
    server.reply('a broken connection');
    const call = client.GET('/stores', { maxRetries: 0 });
    await expect(call).rejects.toMatchObject({ attempts: 1 });
  });

  it('follows a timeout, which each attempt has for itself', async () => {
    server.reply('no response', page(['acme']));
    const { data } = await client.GET('/stores', { timeoutMs: 300 });
    expect(data.items).toHaveLength(1);
  });
});

describe('the pause before a retry', () => {
  it('ends with the reason of the signal of its call', async () => {
    const stop = new AbortController();
    const waiting = pause(3_600_000, stop.signal);
    stop.abort(new Error('The user left'));
    await expect(waiting).rejects.toThrow('The user left');
    await expect(pause(3_600_000, stop.signal)).rejects.toThrow('The user left');
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-23T09:00:00Z');
  it.each([
    ['2', 2_000],
    ['0', 0],
    ['Mon, 23 Nov 2026 09:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 08:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('of %s is a delay of %s ms', (header, delay) => {
    expect(retryAfterMs(header, now)).toBe(delay);
  });
});

describe('the delay before a retry', () => {
  const settings = { retryDelayMs: 500, maxRetryDelayMs: 20_000 };

  it('doubles up to a maximum, and is random between half of it and all of it', () => {
    const delays = (random: number) =>
      [1, 2, 3, 10].map((retry) => delayBefore(retry, undefined, settings, random));
    expect(delays(0)).toEqual([250, 500, 1_000, 10_000]);
    expect(delays(1)).toEqual([500, 1_000, 2_000, 20_000]);
  });

  it('is at least what the service asks for, and doubles from there', () => {
    expect(delayBefore(1, 2_000, settings, 0)).toBe(2_000);
    expect(delayBefore(3, 2_000, settings, 1)).toBe(8_000);
    expect(delayBefore(9, 19_000, settings, 0)).toBe(19_000);
    expect(delayBefore(1, 0, settings, 1)).toBe(500);
  });

  it('has none if the service asks for more than the maximum', () => {
    expect(delayBefore(1, 20_001, settings)).toBeUndefined();
  });
});
