import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EmbeddedMongo, startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { MongoClient } from 'mongodb';
import type { Distance } from '../../bench/far/delayed-socket.ts';
import { FarProxy, type Step } from '../../bench/far/far-proxy.ts';
import { actionsIn, commandsIn } from '../../bench/far/requests.ts';
import { roundTripsInARow, stepsByConnection } from '../../bench/far/round-trips.ts';
import { selfSigned } from '../../packages/embedded-mongodb/test/certificate.ts';

/* What `npm run bench -- far` counts. */

const certificate = selfSigned('far away');
const distance: Distance = { oneWay: 0 };
const steps: Step[] = [];
let server: EmbeddedMongo;
let proxy: FarProxy;
let uri: string;

beforeAll(async () => {
  server = await startEmbeddedMongo({
    users: [{ user: 'app', pwd: 'no secret', roles: ['root'] }],
  });
  proxy = new FarProxy({
    kind: 'mongodb',
    port: server.port,
    certificate,
    distance,
    requestsIn: commandsIn,
    onStep: (step) => void steps.push(step),
  });
  const port = await proxy.listen();
  uri = `mongodb://127.0.0.1:${port}/?tls=true&directConnection=true`;
});
afterAll(async () => {
  proxy.close();
  await server.stop();
  certificate.remove();
});

/** Finds a document with a new client, and returns the milliseconds that it took. */
async function findOnce(): Promise<number> {
  const startedAt = performance.now();
  const client = new MongoClient(uri, {
    auth: { username: 'app', password: 'no secret' },
    tlsCAFile: certificate.certFile,
    // As on Lambda: otherwise, the monitor's next hello follows at once.
    serverMonitoringMode: 'poll',
  });
  await client.db('shop').collection('products').findOne({});
  const took = performance.now() - startedAt;
  await client.close();
  return took;
}

describe('a server that is far away', () => {
  it('is asked 8 times in a row by a client that signs in and finds, and takes as long', async () => {
    distance.oneWay = 50;
    const took = await findOnce();
    const first = steps.slice(0, 8);
    expect(stepsByConnection(first)).toEqual({
      'mongodb 1': ['TCP', 'TLS', 'hello'],
      'mongodb 2': ['TCP', 'TLS', 'hello, saslStart', 'saslContinue', 'find'],
    });
    expect(roundTripsInARow(first, 100)).toBe(8);
    expect(took).toBeGreaterThanOrEqual(8 * 100);
  });
});

describe('round trips in a row', () => {
  const step = (connection: string, at: number): Step => ({ connection, what: '', at });

  it('are those that can have waited for one another', () => {
    const both = [step('a', 0), step('b', 10), step('a', 100), step('b', 110), step('b', 215)];
    expect(roundTripsInARow(both, 100)).toBe(3);
    expect(roundTripsInARow([], 100)).toBe(0);
  });
});

describe('the requests in some data', () => {
  const post =
    'POST / HTTP/1.1\r\nX-Amz-Target: AmazonSSM.GetParameter\r\ncontent-length: 4\r\n\r\nbody';

  it('are read when they are complete', () => {
    const length = post.length;
    expect(actionsIn(Buffer.from(post.slice(0, -1)))).toEqual({ names: [], length: 0 });
    expect(actionsIn(Buffer.from(post + post.slice(0, 9)))).toEqual({
      names: ['GetParameter'],
      length,
    });
    expect(commandsIn(Buffer.from([30, 0, 0, 0]))).toEqual({ names: [], length: 0 });
  });
});
