import type * as z from 'zod/mini';

/** A named schema of the document. */
export interface Component {
  name: string;
  schema: z.ZodMiniType;
  /** The schema to document instead, if `schema` parses its input with a function, which JSON Schema cannot express. */
  as?: z.ZodMiniType;
  description: string;
  /** The descriptions of its members. */
  members: Readonly<Record<string, string>>;
  /** Additional JSON Schema keywords, for what zod checks with a function. */
  extra: Record<string, unknown>;
}

type ObjectSchema = z.ZodMiniType & { shape: object };

/** Names the schema of an object. A member without a description does not compile. */
export const component = <S extends ObjectSchema>(
  name: string,
  schema: S,
  description: string,
  members: { [Name in keyof S['shape']]: string },
): Component => ({ name, schema, description, members, extra: {} });

/** Names a schema of any other type. */
export const plainComponent = (
  name: string,
  schema: z.ZodMiniType,
  description: string,
  extra: Record<string, unknown> = {},
): Component => ({ name, schema, description, members: {}, extra });

/** Names the schema of a page of a list. */
export const pageComponent = <S extends ObjectSchema>(
  name: string,
  schema: S,
  items: string,
  members: { [Name in Exclude<keyof S['shape'], 'items' | 'next'>]: string },
): Component => ({
  name,
  schema,
  description: `A page of ${items}.`,
  members: {
    items: 'The items of the page: up to `limit`, or fewer if they are large.',
    next: 'The `cursor` of the next page; null on the last page.',
    ...members,
  },
  extra: {},
});

/** The schema of a list's elements. */
export const elementOf = <T extends z.ZodMiniType>(list: z.ZodMiniArray<T>): T =>
  list._zod.def.element;
