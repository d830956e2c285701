import { describe, expect, it } from '@jest/globals';
import type { mongo } from 'mongoose';
import { retryOnce } from '../src/index.ts';
import { fillPool } from './support/fill-pool.ts';
import { manage, serve } from './support/served.ts';

const { proxy } = await serve();
const uri = () => `${proxy.uri}&retryReads=false&retryWrites=false`;

/** Closes the socket at each of the first `count` commands called `name`. */
function cutFirst(name: string, count: number): void {
  let seen = 0;
  proxy.decide = (command) => (command === name && ++seen <= count ? 'cut before' : 'pass');
}

describe('retryOnce', () => {
  it('retries a read when its socket was closed', async () => {
    const { db } = await manage(uri()).open();
    cutFirst('find', 1);
    expect(await retryOnce(async () => db?.collection('notes').findOne({}))).toBeNull();
    expect(proxy.commands.filter((name) => name === 'find')).toHaveLength(2);
  });

  it('retries a command that the driver never retries', async () => {
    const { db } = await manage(uri()).open();
    cutFirst('createIndexes', 1);
    await retryOnce(async () => db?.collection('notes').createIndex({ text: 1 }));
  });

  it.each<[string, (notes: mongo.Collection) => Promise<unknown>]>([
    ['a read', (notes) => notes.findOne({})],
    ['a bulk write', (notes) => notes.bulkWrite([{ deleteOne: { filter: { text: 'none' } } }])],
    ['an index', (notes) => notes.createIndex({ text: 1 })],
  ])(
    'repeats %s until it gets an open socket when those of the pool are closed',
    async (_, operation) => {
      const connection = await manage(`${uri()}&maxPoolSize=4&serverMonitoringMode=poll`).open();
      await fillPool(connection, 4);
      let attempts = 0;
      proxy.reset();
      await retryOnce(async () => {
        attempts += 1;
        await operation(connection.collection('notes') as unknown as mongo.Collection);
      });
      expect(attempts).toBeGreaterThan(4);
    },
  );

  it('does not retry a second time', async () => {
    const { db } = await manage(uri()).open();
    cutFirst('find', 2);
    await expect(retryOnce(async () => db?.collection('notes').findOne({}))).rejects.toMatchObject({
      name: expect.stringContaining('MongoNetwork'),
    });
  });

  it('does not retry an operation of a transaction, or after another error', async () => {
    let runs = 0;
    const cut = Object.assign(new Error('write'), { code: 'ECONNRESET' });
    const fail = (error: Error) => () => {
      runs += 1;
      return Promise.reject(error);
    };
    await expect(retryOnce(fail(cut), {} as mongo.ClientSession)).rejects.toBe(cut);
    expect(runs).toBe(1);
    await expect(retryOnce(fail(new Error('other')))).rejects.toThrow('other');
    expect(runs).toBe(2);
  });
});
