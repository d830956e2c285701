import { retryOnce } from '@manystore/connections';
import { type Model, mongo } from 'mongoose';

/** An index, as a schema declares it or a server lists it. */
export interface Index {
  collection: string;
  name: string;
  key: Record<string, unknown>;
  options: mongo.CreateIndexesOptions;
}

/** How a collection's indexes differ from its schema's. */
export interface Difference {
  /** Those that the schema has, and the collection has not. */
  lacking: Index[];
  /** Those that the collection has, and the schema has not. */
  surplus: Index[];
}

/**
 * Compares the indexes of a model's collection with its schema's.
 *
 * Not mongoose's `diffIndexes()`: that takes a hidden index for one that serves, one that says
 * `unique: false` for another than one that says nothing, and takes no signal.
 */
export async function compareIndexes(
  { schema, collection }: Model<never>,
  signal: AbortSignal,
): Promise<Difference> {
  const name = collection.name;
  const declared = schema.indexes().map(([key, options]) => indexOf(name, { key, ...options }));
  const there = await retryOnce(() => listIndexes(collection, signal));
  const listed = there
    .filter(({ name }) => name !== '_id_')
    .map((description) => indexOf(name, description));
  const without = (indexes: Index[], others: Index[]) => {
    const known = new Set(others.map(meaningOf));
    return indexes.filter((index) => !known.has(meaningOf(index)));
  };
  return { lacking: without(declared, listed), surplus: without(listed, declared) };
}

/** The indexes of a collection; none when it was never made. */
async function listIndexes(
  collection: Model<never>['collection'],
  signal: AbortSignal,
): Promise<{ name?: string; key: object }[]> {
  try {
    return await collection.listIndexes({ signal }).toArray();
  } catch (error) {
    const isNotThere = error instanceof mongo.MongoServerError && error.code === 26;
    if (isNotThere) return [];
    throw error;
  }
}

function indexOf(
  collection: string,
  { key, name, v, ns, background, ...options }: Record<string, unknown> & { key: object },
): Index {
  const fields = key as Record<string, unknown>;
  const defaultName = Object.entries(fields).flat().join('_');
  return { collection, name: String(name ?? defaultName), key: fields, options };
}

/** Everything that makes two indexes the same, but for their names. An option that is off says nothing. */
function meaningOf({ key, options }: Index): string {
  const { unique, sparse, hidden, expireAfterSeconds, partialFilterExpression, collation } =
    options;
  const isSimple = (collation as { locale?: string } | undefined)?.locale === 'simple';
  return JSON.stringify([
    Object.entries(key),
    [unique, sparse, hidden].map(Boolean),
    expireAfterSeconds ?? null,
    partialFilterExpression ?? null,
    isSimple ? null : (collation ?? null),
  ]);
}

/** An index in words: "products.sku_1 (unique)". */
export function wordsFor({ collection, name, options }: Index): string {
  const { unique, sparse, hidden, expireAfterSeconds, partialFilterExpression } = options;
  const words = [
    unique && 'unique',
    sparse && 'sparse',
    hidden && 'hidden',
    partialFilterExpression && 'partial',
    expireAfterSeconds !== undefined && `expires after ${expireAfterSeconds} s`,
  ].filter(Boolean);
  return `${collection}.${name}${words.length > 0 ? ` (${words.join(', ')})` : ''}`;
}
