import * as z from 'zod/mini';
import { product, productInput } from '../products/schema.ts';

/*
 * What today's schema knows of a product, read from the schema itself: so that a field which is added there
 * is no drift from then on.
 */

/** Where a value is in a record: the names of the members that lead to it; {@link ELEMENT} is any of a list. */
export type Path = (string | typeof ELEMENT)[];

/** No name of a member is a number, so that nothing else can mean this. */
export const ELEMENT = 0;

/** A place in a record, with the type of what is there. */
export interface Typed {
  path: Path;
  type: string;
}

/** A JSON Schema, as far as products need it. */
interface JsonSchema {
  type?: string;
  format?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | false;
}

/** A product as an archived record holds it: what is answered of it, and what text search looks through. */
const record = z.extend(z.omit(product, { id: true }), { terms: z.array(z.string()) });

/** The paths that the schema knows, each with the type that it has there. */
export const knownTypes: Typed[] = typesIn(z.toJSONSchema(record) as JsonSchema, []);

/** The objects in which the schema knows every name, and the type that their members have. */
export const knownMaps: Typed[] = mapsIn(z.toJSONSchema(record) as JsonSchema, []);

/** The paths that a product cannot be without; a longer one stands behind the one that leads to it. */
export const requiredPaths: string[][] = requiredIn(
  z.toJSONSchema(productInput, { io: 'input' }) as JsonSchema,
);

function typesIn(schema: JsonSchema, path: Path): Typed[] {
  return [
    { path, type: typeOf(schema) },
    ...children(schema, path).flatMap(([child, at]) => typesIn(child, at)),
  ];
}

function mapsIn(schema: JsonSchema, path: Path): Typed[] {
  const { additionalProperties: members } = schema;
  return [
    ...(members ? [{ path, type: typeOf(members) }] : []),
    ...children(schema, path).flatMap(([child, at]) => mapsIn(child, at)),
  ];
}

function requiredIn({ properties = {}, required = [] }: JsonSchema): string[][] {
  return required.flatMap((name) => [
    [name],
    ...requiredIn(properties[name] ?? {}).map((path) => [name, ...path]),
  ]);
}

function children({ properties = {}, items }: JsonSchema, path: Path): [JsonSchema, Path][] {
  const members = Object.entries(properties).map(([name, schema]): [JsonSchema, Path] => [
    schema,
    [...path, name],
  ]);
  return items ? [...members, [items, [...path, ELEMENT]]] : members;
}

/** Instants are text in JSON, and dates in the database. */
function typeOf({ type, format }: JsonSchema): string {
  return format === 'date-time' ? 'date' : String(type);
}
