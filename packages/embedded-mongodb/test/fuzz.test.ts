import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { BSON } from 'mongodb';
import { withServer } from './with-server.ts';

const fixture = withServer();
const messages = process.env.TEST_LENGTH === 'full' ? 50_000 : 10_000;
const seed = 20_261_122;

/** A generator of numbers that is the same in every run (mulberry32). */
function generator(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = ReturnType<typeof generator>;

function noise(random: Random, size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, () => random(256)));
}

function message(body: Uint8Array, opCode = 2013, flags = 0): Buffer {
  const head = Buffer.alloc(21);
  head.writeInt32LE(21 + body.length, 0);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(opCode, 12);
  head.writeUInt32LE(flags, 16);
  return Buffer.concat([head, body]);
}

const commands = [
  { ping: 1, $db: 'fuzz' },
  { hello: 1, $db: 'admin' },
  { insert: 'f', documents: [{ a: 1 }, { b: 'x' }], $db: 'fuzz' },
  { find: 'f', filter: { a: { $in: [1, 2, /x/] } }, limit: 3, $db: 'fuzz' },
  { update: 'f', updates: [{ q: { a: 1 }, u: { $inc: { n: 1 } }, upsert: true }], $db: 'fuzz' },
  {
    aggregate: 'f',
    pipeline: [{ $group: { _id: '$a', n: { $sum: 1 } } }],
    cursor: {},
    $db: 'fuzz',
  },
  { delete: 'f', deletes: [{ q: {}, limit: 0 }], $db: 'fuzz' },
  { getMore: BSON.Long.fromNumber(5), collection: 'f', $db: 'fuzz' },
].map((command) => message(BSON.serialize(command)));

/** Some bytes of a real message are others. */
function mutated(random: Random): Buffer {
  const copy = Buffer.from(commands[random(commands.length)] ?? '');
  const first = random(4) === 0 ? 0 : 16;
  for (let n = random(4); n >= 0; n--) {
    copy[first + random(copy.length - first)] = random(256);
  }
  return copy;
}

/** A BSON document of random types, whose lengths are not always right. */
function randomBson(random: Random): Buffer {
  const elements = Array.from({ length: random(5) }, () =>
    Buffer.concat([
      Buffer.from([random(20)]),
      noise(random, random(4)),
      Buffer.from([0]),
      noise(random, random(24)),
    ]),
  );
  const inner = Buffer.concat(elements);
  const size = Buffer.alloc(4);
  size.writeInt32LE(inner.length + 5 + (random(3) === 0 ? random(9) - 4 : 0));
  return Buffer.concat([size, inner, Buffer.from([0])]);
}

function next(random: Random): Buffer {
  switch (random(8)) {
    case 0:
      return noise(random, 1 + random(64));
    case 1:
      return message(noise(random, random(80)), [1, 2004, 2012, 2013][random(4)], random(4));
    case 2:
      return message(randomBson(random));
    case 3:
      return commands[random(commands.length)] ?? Buffer.alloc(0);
    default:
      return mutated(random);
  }
}

/** Sends bytes, and waits until the server has taken them or has hung up. */
async function send(socket: Socket, bytes: Buffer): Promise<void> {
  if (socket.destroyed || !socket.writable) return;
  await new Promise<void>((resolve) => {
    socket.write(bytes, () => resolve());
  });
}

async function converse(random: Random, count: number): Promise<void> {
  let left = count;
  while (left > 0) {
    const socket = connect(fixture.server.port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    socket.resume();
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    for (let n = 0; n < 25 && left > 0 && !socket.destroyed; n++) {
      await send(socket, next(random));
      left -= 1;
    }
    if (socket.destroyed) continue;
    // What was sent is read before the end is: only then is the next connection made.
    const closed = once(socket, 'close');
    socket.end();
    await closed;
  }
}

describe('whatever clients send', () => {
  test(`${messages} mostly malformed messages leave the server working`, async () => {
    const workers = Array.from({ length: 8 }, (_none, n) =>
      converse(generator(seed + n), messages / 8),
    );
    await Promise.all(workers);
    const client = await fixture.connect();
    const things = client.db('after').collection('things');
    await things.insertOne({ a: 1 });
    expect(await things.countDocuments({ a: 1 })).toBe(1);
  }, 120_000);

  test('one connection that breaks the protocol ends, and no other', async () => {
    const { client } = fixture;
    await client.db('admin').command({ ping: 1 });
    const socket = connect(fixture.server.port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    socket.write(Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    await once(socket, 'close');
    expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
  });
});
