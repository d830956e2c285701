import { RandomNumbers } from '../../packages/embedded-mongodb/test/random-numbers.ts';
import { completeProduct } from './random-products.ts';

/** An item of the drift report. */
export interface Drifting {
  path: string;
  type: string;
  count: number;
}

const names = [
  ...['sku', 'name', 'price', 'amount', 'currency', 'tags', 'attributes', 'stock', 'store', 'id'],
  ...['a.b', '$x', 'with/slash', '~tilde', '*', '', 'constructor', 'length', 'Ünï', '0'],
];

/** An old record of random shape; the same for the same seed. */
export function randomRecord(seed: number): Record<string, unknown> {
  const random = new RandomNumbers(seed);
  const value = (levels: number): unknown => {
    switch (random.below(levels > 0 ? 11 : 7)) {
      case 0:
        return random.below(10) - 5;
      case 1:
        return random.below(1_000) / 7 + 0.01;
      case 2:
        return 2 ** 33 + random.below(9);
      case 3:
        return null;
      case 4:
        return random.below(2) === 1;
      case 5:
      case 6:
        return random.pick(names);
      case 7:
      case 8:
        return Array.from({ length: random.below(4) }, () => value(levels - 1));
      default:
        return object(levels - 1);
    }
  };
  const object = (levels: number) =>
    Object.fromEntries(
      Array.from({ length: random.below(6) }, () => [random.pick(names), value(levels)]),
    );
  return { ...object(5), status: value(0) };
}

/** The drift of the records, found by traversing them. */
export function driftIn(records: Record<string, unknown>[]): Drifting[] {
  const counts = new Map<string, Drifting>();
  const different = new Map(records.map((record) => [JSON.stringify(record), record]));
  for (const record of different.values()) {
    const found = new Map<string, Drifting>();
    const note = (path: string, type: string) => {
      const key = `${path} ${type}`;
      if (!known.has(key)) found.set(key, { path, type, count: 1 });
    };
    walk(record, [], note);
    for (const [key, drifting] of found)
      counts.set(key, { ...drifting, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

const required = new Map([
  ['', ['sku', 'name', 'price']],
  ['/price', ['amount', 'currency']],
]);

/** The members of a complete product. An attribute may have any name. */
const known = new Set<string>();
const { attributes, ...fields } = completeProduct(1);
const stored = { attributes: {}, store: { id: 'acme', name: 'Acme' }, version: 1, terms: ['a'] };
walk({ ...fields, ...stored }, [], (pointer, type) => known.add(`${pointer} ${type}`));

/** Calls `note` with each path in a value, and its type. */
function walk(value: object, path: string[], note: (pointer: string, type: string) => void): void {
  const here = path.map((name) => `/${name}`).join('');
  if (!Array.isArray(value))
    for (const name of required.get(here) ?? [])
      if (!Object.hasOwn(value, name)) note(`${here}/${name}`, 'missing');
  for (const [name, member] of Object.entries(value)) {
    const step = Array.isArray(value) ? '*' : escaped(name);
    const type = typeOf(member);
    if (here !== '/attributes' || type !== 'string' || Array.isArray(value))
      note(`${here}/${step}`, type);
    if (typeof member === 'object' && member !== null && path.length < 3)
      walk(member, [...path, step], note);
  }
}

function escaped(name: string): string {
  return name === '*' ? '~2' : name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
