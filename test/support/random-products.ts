import type { ProductInput } from '#lib/products/schema.ts';

/** Random numbers that are the same each time for the same seed (mulberry32), from 0 to below 1. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What formats trip over. */
const PIECES = [
  ...['a', 'Z', '7', ' ', ',', ';', '"', '""', "'", "''", '|', '\\', '\\|', '\\\\', '/', '~'],
  ...[
    '=',
    '+',
    '-',
    '@',
    '=x',
    '#',
    'ä',
    'é',
    '漢',
    '🎈',
    '\u00a0',
    '\u2028',
    '\ufeff',
    'null',
    '{}',
  ],
];
const BREAKS = ['\n', '\r\n', '\r', '\t', '\n\n', '\u0001'];

/**
 * Products that are valid, and as hard on a file as can be.
 *
 * @param prefix begins their SKUs, which are all different
 */
export function randomProducts(count: number, seed: number, prefix = ''): ProductInput[] {
  const random = randomFrom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]) => list[below(list.length)] as T;
  const text = (pieces: readonly string[], most: number) =>
    Array.from({ length: below(most + 1) }, () => pick(pieces)).join('');
  const line = (most: number) => text(PIECES, most).trim() || pick(['x', '=', "'", '|', '\\', '"']);
  const name = () => line(6).replace(/[.$]/g, '_');
  const some = <T>(value: () => T, most: number) => Array.from({ length: below(most + 1) }, value);
  return Array.from({ length: count }, (_, index) => ({
    sku: `${prefix}${line(3)}${index}`,
    name: line(8),
    ...(random() < 0.7 ? { description: text([...PIECES, ...BREAKS], 12) } : {}),
    ...(random() < 0.7 ? { category: line(4) } : {}),
    tags: [...new Set(some(() => line(4), 4))],
    price: { amount: below(1_000_000), currency: pick(['EUR', 'USD', 'JPY']) },
    stock: below(100),
    status: pick(['draft', 'active'] as const),
    attributes: Object.fromEntries(
      some(() => [name(), text([...PIECES, ...BREAKS], 4)] as const, 4),
    ),
  }));
}
