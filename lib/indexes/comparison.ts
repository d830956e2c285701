import { retryOnce } from '@manystore/connections';
import { type Model, mongo } from 'mongoose';

/** An index that a schema declares or a server lists. */
export interface Index {
  collection: string;
  name: string;
  key: Record<string, unknown>;
  options: mongo.CreateIndexesOptions;
}

/** The differences between the indexes of a collection and those of its schema. */
export interface Difference {
  /** The indexes that only the schema has. */
  missing: Index[];
  /** The indexes that only the collection has. */
  surplus: Index[];
}

/**
 * Compares the indexes of a model's collection with those of its schema.
 *
 * Mongoose's `diffIndexes()` is not suitable: it treats a hidden index like a visible one, treats `unique: false` as
 * different from no `unique`, and does not accept a signal.
 */
export async function compareIndexes(
  { schema, collection }: Model<never>,
  signal: AbortSignal,
): Promise<Difference> {
  const name = collection.name;
  const declared = schema.indexes().map(([key, options]) => indexOf(name, { key, ...options }));
  const descriptions = await retryOnce(() => listIndexes(collection, signal));
  const listed = descriptions
    .filter(({ name }) => name !== '_id_')
    .map((description) => indexOf(name, description));
  const without = (indexes: Index[], others: Index[]) => {
    const known = new Set(others.map(meaningOf));
    return indexes.filter((index) => !known.has(meaningOf(index)));
  };
  return { missing: without(declared, listed), surplus: without(listed, declared) };
}

/** Returns the indexes of a collection; none if the collection does not exist. */
async function listIndexes(
  collection: Model<never>['collection'],
  signal: AbortSignal,
): Promise<{ name?: string; key: object }[]> {
  try {
    return await collection.listIndexes({ signal }).toArray();
  } catch (error) {
    const isMissing = error instanceof mongo.MongoServerError && error.code === 26;
    if (isMissing) return [];
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

/** Returns a text that is equal for equivalent indexes. It ignores the name, and options that are off. */
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

/** Returns an index as text, such as "products.sku_1 (unique)". */
export function describeIndex({ collection, name, options }: Index): string {
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
