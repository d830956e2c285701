import * as z from 'zod/mini';
import { publicationInput } from '#lib/products/publication-schema.ts';
import { product, productInput, productPatch } from '#lib/products/schema.ts';
import { adjustment } from '#lib/products/stock-schema.ts';
import { archive } from './components/archive.ts';
import type { Component } from './components/component.ts';
import { files } from './components/files.ts';
import { problemComponents } from './components/problems.ts';
import { products } from './components/products.ts';
import { reports } from './components/reports.ts';
import { stores } from './components/stores.ts';
import { values } from './components/values.ts';
import type { Kind } from './problems.ts';

export type JsonSchema = Record<string, unknown>;

const sections = [stores, products, files, archive, reports];

/** JSON Schema keywords for what zod checks with a function. */
const EXTRA: [z.ZodMiniType, Record<string, unknown>][] = [
  [product.shape.tags, { uniqueItems: true }],
  [productInput.shape.tags._zod.def.innerType, { uniqueItems: true }],
  [product.shape.attributes, { maxProperties: 100 }],
  [productInput.shape.attributes._zod.def.innerType, { maxProperties: 100 }],
  [productPatch.shape.attributes._zod.def.innerType._zod.def.innerType, { maxProperties: 100 }],
  [adjustment.shape.by, { not: { const: 0 } }],
  [publicationInput.shape.stores._zod.def.options[1], { uniqueItems: true }],
];

/** The named schemas of the document: its `components.schemas`. */
export class Schemas {
  readonly #components: Component[];
  readonly #byName: Record<string, JsonSchema>;

  /** @param kinds the kinds of problems, whose schemas are included */
  constructor(kinds: Kind[]) {
    const requests = sections.flatMap((section): Component[] => section.requests);
    const answers = [
      ...sections.flatMap((section) => section.answers),
      ...problemComponents(kinds),
    ];
    this.#components = [...values, ...requests, ...answers];
    this.#byName = {
      ...convert([...values, ...requests], 'input'),
      ...convert([...values, ...answers], 'output'),
    };
  }

  /** Returns a `$ref` to a named schema. */
  reference(schema: z.ZodMiniType): JsonSchema {
    const named = this.#components.find((component) => component.schema === schema);
    if (!named) throw new Error('The schema of a body is not a component in openapi/components');
    return { $ref: `#/components/schemas/${named.name}` };
  }

  /** Returns all schemas, by name. */
  all(): Record<string, JsonSchema> {
    const all = this.#components.map((component): [string, JsonSchema] => [
      component.name,
      withWords(this.#byName[component.name] as JsonSchema, component),
    ]);
    return Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

/** Returns the JSON Schema of a parameter, by its parsed type: an integer rather than a string of digits. */
export const inlineSchema = (schema: z.ZodMiniType): JsonSchema =>
  tidy(z.toJSONSchema(schema, { metadata: z.registry<Record<string, unknown>>(), override }));

function convert(components: Component[], io: 'input' | 'output'): Record<string, JsonSchema> {
  const named = z.registry<Record<string, unknown>>();
  const words = z.registry<Record<string, unknown>>();
  for (const [schema, extra] of EXTRA) words.add(schema, extra);
  for (const { name, schema, as = schema, extra } of components) {
    named.add(as, { id: name });
    words.add(as, { id: name, ...extra });
  }
  const uri = (name: string) => `#/components/schemas/${name}`;
  return z.toJSONSchema(named, { io, metadata: words, uri, override }).schemas as never;
}

/** Removes the bounds of JavaScript's safe integers, and a format that only zod defines. */
function override({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.format === 'currency_code') delete jsonSchema.format;
}

function withWords(schema: JsonSchema, { description, members }: Component): JsonSchema {
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  for (const [name, text] of Object.entries(members))
    properties[name] = { ...properties[name], description: text };
  return tidy({ description, ...schema });
}

/** Removes the keywords that only a standalone schema needs, and makes the patterns portable. */
function tidy({ $schema, $id, id, ...schema }: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (name, value) =>
    name === 'pattern' && typeof value === 'string' ? portable(value) : value,
  );
}

/**
 * Returns a pattern that all engines read the same way: those of JavaScript need a flag for `\p{…}`, others do not know
 * it, and some read `\0` as the beginning of an octal number.
 */
const portable = (pattern: string): string =>
  pattern.replaceAll('\\p{Cc}', '\\x00-\\x1f\\x7f-\\x9f').replaceAll('\\0', '\\x00');
