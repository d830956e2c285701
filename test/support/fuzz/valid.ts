import * as z from 'zod/mini';
import type { Dice } from './dice.ts';

/** Existing values for names, such as ids, collected from the responses. */
export type Pools = Record<string, string[]>;

/** A JSON Schema, as far as the schemas of requests need it. */
interface JsonSchema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  minItems?: number;
  format?: string;
  pattern?: string;
}

const jsonSchemas = new WeakMap<z.ZodMiniType, JsonSchema>();

/** A value that `schema` accepts, at least nearly always. */
export function valueFor(schema: z.ZodMiniType, dice: Dice, pools: Pools): unknown {
  let json = jsonSchemas.get(schema);
  if (!json) {
    json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    jsonSchemas.set(schema, json);
  }
  return valueIn(json, '', dice, pools);
}

const PIECES = [
  'a',
  'Lap',
  'top',
  ' ',
  ',',
  '"',
  "'",
  '|',
  '\\',
  '=',
  '$',
  '.',
  'é',
  '漢',
  '🎈',
  'ß',
];

/** One line of text, not blank. */
export const lineOf = (dice: Dice, most = 12): string =>
  `x${Array.from({ length: dice.below(Math.min(most, 12) - 1) }, () => dice.pick(PIECES)).join('')}`.trim();

function valueIn(schema: JsonSchema, name: string, dice: Dice, pools: Pools): unknown {
  const known = pools[name];
  if (schema.type === 'string' && !schema.enum && known?.length && dice.chance(0.85))
    return dice.pick(known);
  if ('const' in schema) return schema.const;
  if (schema.enum) return dice.pick(schema.enum);
  const either = schema.anyOf ?? schema.allOf;
  if (either) return valueIn(dice.pick(either), name, dice, pools);
  switch (schema.type) {
    case 'null':
      return null;
    case 'boolean':
      return dice.chance(0.5);
    case 'integer':
    case 'number':
      return Math.min(schema.maximum ?? 1_000, Math.max(schema.minimum ?? -5, dice.below(40) - 5));
    case 'string':
      return textOf(schema, dice);
    case 'array':
      return arrayOf(schema, name, dice, pools);
    case 'object':
      return objectOf(schema, dice, pools);
    default:
      return anything(dice, 3);
  }
}

function textOf({ pattern = '', format, maxLength }: JsonSchema, dice: Dice): string {
  if (format === 'date') return `2026-1${dice.below(3)}-${10 + dice.below(20)}`;
  if (pattern.includes('[1-9]\\d')) return String(dice.below(60));
  if (pattern.includes('{24}')) return '0123456789abcdef01234567';
  if (pattern.includes('W\\/')) return dice.pick(['"1"', '"2"', '*', 'W/"1"', '"1", "2"']);
  if (pattern.includes('a-z0-9')) return `nowhere-${dice.below(9)}`;
  if (pattern.includes('x21-')) return `key-${dice.below(300)}`;
  return lineOf(dice, maxLength);
}

function arrayOf(schema: JsonSchema, name: string, dice: Dice, pools: Pools): unknown[] {
  const length = Math.max(schema.minItems ?? 0, dice.below(4));
  const items = Array.from({ length }, () => valueIn(schema.items ?? {}, name, dice, pools));
  return [...new Set(items)];
}

function objectOf(schema: JsonSchema, dice: Dice, pools: Pools): Record<string, unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const object: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(properties))
    if (required.includes(name) || dice.chance(0.4))
      object[name] = valueIn(member, name, dice, pools);
  if (typeof additionalProperties === 'object')
    for (let i = dice.below(3); i > 0; i--)
      object[`n${dice.below(20)}`] = valueIn(additionalProperties, '', dice, pools);
  return object;
}

/** A value of any shape. */
export function anything(dice: Dice, levels: number): unknown {
  switch (dice.below(levels > 0 ? 8 : 5)) {
    case 0:
      return dice.below(1_000) / 7;
    case 1:
      return null;
    case 2:
      return dice.chance(0.5);
    case 3:
    case 4:
      return lineOf(dice);
    case 5:
      return Array.from({ length: dice.below(4) }, () => anything(dice, levels - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: 1 + dice.below(4) }, () => [
          dice.pick(['sku', 'name', 'price', 'a.b', '$x', 'constructor', 'id', '*', 'tags', '_id']),
          anything(dice, levels - 1),
        ]),
      );
  }
}
