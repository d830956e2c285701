import type { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { leaseStore, poolSize, primary, storeHandleCount } from '#lib/connections.ts';
import { productsOn } from '#lib/products/record.ts';
import { settings } from '#lib/runtime/settings.ts';
import { primaryProxy } from '../support/behind-proxies.ts';
import { placeOf } from '../support/catalog.ts';
import { run } from '../support/settings.ts';

const limit = settings().stores.handleLimit;
const id = (n: number) => `${run}-${n}`;
const lease = (n: number) => leaseStore(placeOf(id(n)));

describe('a container that visits 1,000 stores with a limit of 50 handles', () => {
  it('keeps 50 handles and the leased ones, and evicts no leased handle', async () => {
    expect(limit).toBe(50);
    const held = await Promise.all(Array.from({ length: 10 }, (_, n) => lease(n)));
    for (let n = 10; n < 1_000; n++) {
      using store = await lease(n);
      expect(await productsOn(store.connection).countDocuments({})).toBe(0);
      expect(storeHandleCount()).toBeLessThanOrEqual(limit + held.length);
    }
    for (const [n, store] of held.entries()) {
      expect(store.connection.name).toBe(`store_${id(n)}`);
      expect(await productsOn(store.connection).countDocuments({})).toBe(0);
    }
    for (const store of held) store[Symbol.dispose]();
    expect(storeHandleCount()).toBe(limit);
  });

  it('leaves nothing of the evicted handles on the connection', async () => {
    const base = await primary();
    const { relatedDbs, otherDbs } = base as unknown as { relatedDbs: object; otherDbs: unknown[] };
    expect(Object.keys(relatedDbs)).toHaveLength(limit);
    expect(otherDbs).toHaveLength(limit);
    expect(Object.keys(base.models).length).toBeLessThan(20);
  });

  it('adds no listener for each store', async () => {
    const base = await primary();
    const listeners = () =>
      ([base, base.getClient()] as unknown as EventEmitter[])
        .flatMap((emitter) => emitter.eventNames().map((name) => emitter.listenerCount(name)))
        .reduce((sum, count) => sum + count, 0);
    const before = listeners();
    for (let n = 1_000; n < 1_500; n++) (await lease(n))[Symbol.dispose]();
    expect(listeners()).toBe(before);
    expect(before).toBeLessThan(20);
  });

  it('uses one pool', () => {
    // The pool, and the sockets with which the driver monitors the server.
    expect(primaryProxy.accepted).toBeLessThanOrEqual(poolSize('primary') + 2);
  });
});

it('exceeds the limit while more handles are leased', async () => {
  const leases = await Promise.all(Array.from({ length: limit + 30 }, (_, n) => lease(2_000 + n)));
  expect(storeHandleCount()).toBe(limit + 30);
  const counts = leases.map(({ connection }) => productsOn(connection).countDocuments({}));
  expect(await Promise.all(counts)).toEqual(Array(limit + 30).fill(0));
  for (const store of leases) store[Symbol.dispose]();
  expect(storeHandleCount()).toBe(limit);
});

it('opens a new handle for a store whose handle was evicted', async () => {
  using store = await lease(2_000);
  expect(await productsOn(store.connection).countDocuments({})).toBe(0);
});

it('opens no database for an id that bypassed the registry', async () => {
  for (const odd of ['', 'constructor ', '__proto__', '../admin', 'a'.repeat(31)])
    await expect(leaseStore(placeOf(odd))).rejects.toThrow(RangeError);
});
