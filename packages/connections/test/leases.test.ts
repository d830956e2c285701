import { describe, expect, it } from '@jest/globals';
import { LeasedCache } from '../src/leases.ts';

/** A cache whose values are its keys, and the lists of the keys that it opened and closed. */
function cacheOf(limit: number) {
  const opened: string[] = [];
  const closed: string[] = [];
  const cache = new LeasedCache<string, string>(limit, {
    open: (key) => {
      opened.push(key);
      return key;
    },
    close: (key) => closed.push(key),
  });
  const visit = (key: string) => cache.lease(key)[Symbol.dispose]();
  return { cache, opened, closed, visit };
}

describe('a leased cache', () => {
  it('opens a value once for all its leases', () => {
    const { cache, opened } = cacheOf(1);
    const leases = [cache.lease('a'), cache.lease('a')];
    expect(leases.map(({ value }) => value)).toEqual(['a', 'a']);
    expect(opened).toEqual(['a']);
  });

  it('closes the least recently used value', () => {
    const { closed, visit } = cacheOf(2);
    for (const key of ['a', 'b', 'a', 'c']) visit(key);
    expect(closed).toEqual(['b']);
  });

  it('closes a leased value only when its last lease ends', () => {
    const { cache, closed, visit } = cacheOf(1);
    const [first, second] = [cache.lease('a'), cache.lease('a')];
    visit('b');
    expect(closed).toEqual(['b']);
    first[Symbol.dispose]();
    cache.lease('c');
    expect(closed).toEqual(['b']);
    second[Symbol.dispose]();
    expect(closed).toEqual(['b', 'a']);
  });

  it('ignores a second dispose of the same lease', () => {
    const { cache, closed, visit } = cacheOf(1);
    const [first] = [cache.lease('a'), cache.lease('a')];
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    visit('b');
    expect(closed).toEqual(['b']);
    expect(cache.size).toBe(1);
  });

  it('caches nothing when a value cannot be opened', () => {
    const cache = new LeasedCache<string, string>(1, {
      open: () => {
        throw new Error('no');
      },
      close: () => {},
    });
    expect(() => cache.lease('a')).toThrow('no');
    expect(cache.size).toBe(0);
  });
});
