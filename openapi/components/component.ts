import type * as z from 'zod/mini';

/** A schema under a name of its own in the document. */
export interface Component {
  name: string;
  schema: z.ZodMiniType;
  /** What it takes, where it reads that by a function that JSON Schema has no words for. */
  as?: z.ZodMiniType;
  description: string;
  /** What each of its members is. */
  members: Readonly<Record<string, string>>;
  /** More of JSON Schema, for what zod checks by a function. */
  extra: Record<string, unknown>;
}

type ObjectSchema = z.ZodMiniType & { shape: object };

/** Gives an object's schema a name. A member without a description does not compile. */
export const component = <S extends ObjectSchema>(
  name: string,
  schema: S,
  description: string,
  members: { [Name in keyof S['shape']]: string },
): Component => ({ name, schema, description, members, extra: {} });

/** Gives a schema of another type a name. */
export const plainComponent = (
  name: string,
  schema: z.ZodMiniType,
  description: string,
  extra: Record<string, unknown> = {},
): Component => ({ name, schema, description, members: {}, extra });

/** Gives the schema of a page of a list a name. */
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
