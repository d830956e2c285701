import * as z from 'zod/mini';
import { product, productInput } from '../products/schema.ts';

/*
 * The paths and types that the product schema declares, derived from the schema itself, so that a new field does not
 * have to be added here.
 */

/** The path of a value in a record: the names of the members that lead to it. {@link ELEMENT} is any element of a list. */
export type Path = (string | typeof ELEMENT)[];

/** Any element of a list. It is a number, so it cannot be confused with the name of a member. */
export const ELEMENT = 0;

/** A path in a record, and the type of its value. */
export interface Typed {
  path: Path;
  type: string;
}

/** The part of JSON Schema that the product schema uses. */
interface JsonSchema {
  type?: string;
  format?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | false;
}

/** The schema of a product in the archive: the product in a response, and its search terms. */
const record = z.extend(z.omit(product, { id: true }), { terms: z.array(z.string()) });

/** The paths that the schema declares, with their types. */
export const knownTypes: Typed[] = typesIn(z.toJSONSchema(record) as JsonSchema, []);

/** The objects that allow any member name, with the type of their members. */
export const knownMaps: Typed[] = mapsIn(z.toJSONSchema(record) as JsonSchema, []);

/** The required paths. A parent comes before its members. */
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

/** Returns the type of a value in the database. Date-times are strings in JSON, but dates in the database. */
function typeOf({ type, format }: JsonSchema): string {
  return format === 'date-time' ? 'date' : String(type);
}
