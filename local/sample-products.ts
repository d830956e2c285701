import type { ProductInput } from '#lib/products/schema.ts';

/*
 * Products of a made-up shop, varied enough to search, filter and sort. The same number gives the same
 * product each time.
 */

const things = [
  { name: 'Laptop', category: 'Electronics', tags: ['computer', 'portable'] },
  { name: 'Headphones', category: 'Electronics', tags: ['audio', 'wireless'] },
  { name: 'Keyboard', category: 'Electronics', tags: ['computer'] },
  { name: 'Coffee Maker', category: 'Kitchen', tags: ['coffee'] },
  { name: 'Kettle', category: 'Kitchen', tags: ['tea', 'coffee'] },
  { name: 'Café Table', category: 'Furniture', tags: ['wood'] },
  { name: 'Desk Chair', category: 'Furniture', tags: ['office'] },
  { name: 'Bookshelf', category: 'Furniture', tags: ['wood', 'office'] },
  { name: 'Rain Jacket', category: 'Clothing', tags: ['outdoor'] },
  { name: 'Running Shoes', category: 'Clothing', tags: ['sport', 'outdoor'] },
  { name: 'Tent', category: 'Outdoor', tags: ['outdoor', 'portable'] },
  { name: 'Water Bottle', category: 'Outdoor', tags: ['sport', 'portable'] },
] as const;
const lines = ['Classic', 'Pro', 'Mini', 'Nordic', 'Urban', 'Eco', 'Studio'] as const;
const colors = ['black', 'white', 'grey', 'blue', 'red', 'green', 'oak', 'sand'] as const;
const sizes = ['S', 'M', 'L', 'XL'] as const;

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** The n-th product of a store. Amounts are in the minor unit of `currency`. */
export function sampleProduct(n: number, currency: string): ProductInput {
  // A number that is far from that of the product before it (Knuth's multiplicative hash).
  const mixed = Math.imul(n + 1, 0x9e3779b1) >>> 0;
  const thing = at(things, mixed);
  const line = at(lines, mixed >>> 4);
  const color = at(colors, mixed >>> 8);
  return {
    sku: `${thing.name.slice(0, 3).toUpperCase()}-${String(n).padStart(6, '0')}`,
    name: `${line} ${thing.name} ${(mixed % 90) + 10}`,
    ...(mixed % 8 === 0
      ? {}
      : { description: `A ${color} ${thing.name.toLowerCase()} of our ${line} line.` }),
    category: thing.category,
    tags: [...thing.tags, ...(mixed % 5 === 0 ? ['sale'] : [])],
    price: { amount: (mixed % 500) * 100 + 99, currency },
    stock: mixed % 7 === 0 ? 0 : mixed % 120,
    status: mixed % 20 === 0 ? 'draft' : 'active',
    attributes: { color, ...(mixed % 3 === 0 ? { size: at(sizes, mixed >>> 12) } : {}) },
  };
}
