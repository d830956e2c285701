import { expect, it } from '@jest/globals';
import { formatLines, lineFormatter } from '../../local/log-format.ts';

const stamp = { timestamp: '2026-11-29T10:00:00.000Z' };
const time = new Date(stamp.timestamp).toTimeString().slice(0, 8);
const gateway = { message: 'gateway', ...stamp, method: 'GET', url: '/stores/a?limit=1', ms: 12 };
const request = { level: 'INFO', message: 'request', ...stamp, operation: 'get-store', ms: 11.2 };
const error = {
  name: 'MongoServerSelectionError',
  message: 'connect ECONNREFUSED',
  at: ['at a', 'at b', 'at c', 'at d'],
  cause: { name: 'MongoNetworkError', at: [] },
};

/** What is shown of lines, which arrive in chunks of seven bytes. */
async function shown(format: 'json' | 'text', lines: (string | object)[], isColored = false) {
  const stream = formatLines(lineFormatter(format, isColored));
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const bytes = Buffer.from(texts.join('\n'));
  for (let at = 0; at < bytes.length; at += 7) stream.write(bytes.subarray(at, at + 7));
  stream.end();
  return (await stream.toArray()).join('').split('\n').slice(0, -1);
}

const noise = ['', 'GET /stores/a (λ: get-store)', '(λ: get-store) RequestId: 1  Duration: 2 ms'];

it('shows one line of text for a request, with what its function logged', async () => {
  const lines = await shown('text', [
    ...noise,
    { ...request, requestId: '1', status: 404, problem: 'not-found' },
    { ...gateway, requestId: '1', status: 404 },
    { ...gateway, status: 401 },
    '{ not JSON',
  ]);
  expect(lines).toEqual([
    `${time} 404 GET /stores/a?limit=1 12 ms not-found`,
    `${time} 401 GET /stores/a?limit=1 12 ms`,
    '{ not JSON',
  ]);
});

it('shows the error of a failed request below it, and its cause', async () => {
  const lines = await shown('text', [
    { ...request, level: 'ERROR', requestId: '1', status: 503, problem: 'unavailable', error },
    { ...gateway, requestId: '1', status: 503 },
  ]);
  expect(lines).toEqual([
    `${time} 503 GET /stores/a?limit=1 12 ms unavailable`,
    '    MongoServerSelectionError: connect ECONNREFUSED',
    '      at a',
    '      at b',
    '      at c',
    '    MongoNetworkError',
  ]);
});

it('shows the figures of a task, and trouble with a connection, but no metrics and not that one connects', async () => {
  const lines = await shown('text', [
    {
      message: 'task',
      ...stamp,
      operation: 'sync-mirror',
      status: 200,
      ms: 3,
      stores: 2,
      name: 'x',
      sampling_rate: 0,
      Duration: 3,
      Faults: 0,
      _aws: { Timestamp: 1 },
    },
    { level: 'INFO', message: 'connection.connected', ...stamp, connection: 'primary' },
    { level: 'WARN', message: 'connection.disconnected', ...stamp, connection: 'primary' },
    { service: 'manystore', connection: 'primary', SocketsOpened: 1, _aws: { Timestamp: 1 } },
  ]);
  expect(lines).toEqual([
    `${time} 200 sync-mirror 3 ms stores=2`,
    `${time} connection.disconnected primary`,
  ]);
});

it('has colours only where they are asked for', async () => {
  const [line] = await shown('text', [{ ...gateway, status: 200 }], true);
  expect(line).toContain('\u001B[32m200\u001B[39m');
});

it("keeps the lines of functions as JSON, and the gateway's of requests that reached none", async () => {
  const own = { ...request, requestId: '1', status: 200 };
  const refused = { ...gateway, status: 401 };
  const lines = await shown('json', [
    ...noise,
    own,
    { ...gateway, requestId: '1', status: 200 },
    refused,
    'other',
  ]);
  expect(lines).toEqual([JSON.stringify(own), JSON.stringify(refused), 'other']);
});
