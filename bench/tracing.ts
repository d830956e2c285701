import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { unpackFunctions } from './artifacts.ts';
import { startChild } from './children.ts';
import { coldStart, type Start } from './cold-process.ts';
import { environmentOf } from './environment.ts';
import { eventFor } from './event.ts';
import { type Pair, ratioOf } from './figure.ts';
import type { Called, Calls } from './handler-child.ts';
import type { Part } from './part.ts';
import { enterProduct } from './records.ts';
import { startServer } from './server.ts';

const PEER = 'the same without traces';
const CALLS = 400;
/** What V8 compiles, it has compiled after some thousand calls. */
const WARM_UPS = 6;

/** What traces of every request cost a container. */
export const tracing: Part = async ({ rounds, artifacts, progress }) => {
  progress(artifacts ? 'unpacks the functions' : 'packages the functions');
  using functions = await unpackFunctions(['get-product'], artifacts);
  await using server = await startServer();
  const product = await server.fill((client) => enterProduct(client, 'acme'));
  const file = functions.fileOf('get-product');
  const event = eventFor('GET /products/{product}', { path: { product } });
  await using daemon = await startDaemon();
  const off = environmentOf(server.uri);
  const on = { ...off, ...daemon.env };
  const startOf = async (env: Record<string, string>) => {
    const { load } = await coldStart(file, { env });
    return { load, first: (await coldStart(file, { env, event })).first };
  };

  const starts: Record<'ours' | 'theirs', Pick<Start, 'load' | 'first'>>[] = [];
  for (let round = 0; round < rounds; round++) {
    progress(`cold, round ${round + 1} of ${rounds}`);
    const ours = await startOf(on);
    starts.push({ ours, theirs: await startOf(off) });
  }

  progress('warm');
  const module = pathToFileURL(file).href;
  await using traced = startChild('handler-child.ts', { args: [module], env: on });
  await using untraced = startChild('handler-child.ts', { args: [module], env: off });
  const call = async (child: typeof traced) =>
    (await child.ask<Called>({ event, count: CALLS } satisfies Calls)).cpu;
  const warm: Pair[] = [];
  for (let round = -WARM_UPS; round < rounds; round++) {
    const pair = { ours: await call(traced), theirs: await call(untraced) };
    if (round >= 0) warm.push(pair);
  }
  if (daemon.received() < rounds) throw new Error('The daemon received no traces');

  const pairs = (of: 'load' | 'first'): Pair[] =>
    starts.map(({ ours, theirs }) => ({ ours: ours[of], theirs: theirs[of] }));
  return [
    ratioOf(pairs('load'), { name: 'load, get-product', peer: PEER, unit: 'ms' }),
    ratioOf(pairs('first'), { name: 'load to first answer, get-product', peer: PEER, unit: 'ms' }),
    ratioOf(warm, { name: 'get-product, warm', peer: PEER, unit: 'us of CPU' }),
  ];
};

/** A stand-in for the X-Ray daemon of a container, with the variables that Lambda sets for a sampled invocation. */
async function startDaemon() {
  const socket = createSocket('udp4');
  let received = 0;
  socket.on('message', () => {
    received += 1;
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    env: {
      TRACES: 'xray',
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${socket.address().port}`,
      _X_AMZN_TRACE_ID:
        'Root=1-6743f1c2-a9b0c4d5e6f7080312345678;Parent=53995c3f42cd8ad8;Sampled=1',
    },
    received: () => received,
    [Symbol.asyncDispose]: async () => {
      socket.close();
    },
  };
}
