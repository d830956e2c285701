import * as z from 'zod/mini';
import { type ProductInput, productInput } from '#lib/products/schema.ts';
import { randomFrom } from './random.ts';

/** Texts that file formats may handle wrongly. */
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

/** Candidates for a text, from the hardest to the most harmless, until the schema accepts one. */
const TEXTS: ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replaceAll(/\p{Cc}/gu, '').trim(),
  (text) => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').trim(),
  (text) => text.replaceAll(/[\p{Cc}.$]/gu, '_').trim() || '_',
  (text) => (['EUR', 'USD', 'JPY'] as const)[text.length % 3] as string,
];
const MAX_NUMBER = 1_000_000;

/** Random values that match a schema, generated from its definition, so that new fields are generated as well. */
class RandomValues {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  /** @throws {TypeError} for an unknown kind of schema */
  of(schema: z.core.$ZodType): unknown {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    switch (def.type) {
      case 'object':
        return Object.fromEntries(
          Object.entries(def.shape)
            .map(([name, member]) => [name, this.of(member)])
            .filter(([, value]) => value !== undefined),
        );
      case 'optional':
        return this.#random() < 0.7 ? this.of(def.innerType) : undefined;
      case 'default':
        return this.of(def.innerType);
      case 'enum':
        return this.#pick(Object.values(def.entries));
      case 'number':
        return this.#accepted(schema, [this.#below(MAX_NUMBER), this.#below(100), 1]);
      case 'string': {
        const pieces = this.#some(() => this.#pick([...PIECES, ...BREAKS]), 8);
        return this.#accepted(
          schema,
          TEXTS.map((form) => form(pieces.join(''))),
        );
      }
      case 'array':
        return [...new Set(this.#some(() => this.of(def.element), 4))];
      case 'record':
        return Object.fromEntries(
          this.#some(() => [this.of(def.keyType), this.of(def.valueType)] as const, 4),
        );
      default:
        throw new TypeError(`There are no random values of the type ${def.type}`);
    }
  }

  #accepted(schema: z.core.$ZodType, candidates: unknown[]): unknown {
    const value = candidates.find((candidate) => z.safeParse(schema, candidate).success);
    if (value === undefined) throw new TypeError('The schema accepts none of the random values');
    return value;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T;
  }

  #some<T>(value: () => T, most: number): T[] {
    return Array.from({ length: this.#below(most + 1) }, value);
  }
}

/**
 * Returns valid products that are hard to write to a file.
 *
 * @param prefix the beginning of their SKUs, which are all different
 */
export function randomProducts(count: number, seed: number, prefix = ''): ProductInput[] {
  const values = new RandomValues(seed);
  return Array.from({ length: count }, (_, index) => {
    const product = values.of(productInput) as ProductInput;
    return { ...product, sku: `${prefix}${product.sku}${index}` };
  });
}

/** Returns a valid product that has every field of the schema. */
export function completeProduct(seed: number): Required<ProductInput> {
  const fields = Object.keys(productInput.shape);
  const isComplete = (product: object) =>
    fields.every((name) => Object.hasOwn(product, name)) &&
    Object.values(product).every((value) => typeof value !== 'object' || Object.keys(value).length);
  const product = randomProducts(1_000, seed).find(isComplete);
  if (!product) throw new TypeError('None of the random products has every field');
  return product as Required<ProductInput>;
}
