import type { mongo } from 'mongoose';

/*
 * Documents that another program has written to the database that Manystore uses, as MongoDB's tutorial does: both name
 * the collection `products`. The unique index could not be created, and the documents could not be read.
 */

/** The head catalog, and the mirror. */
const COLLECTION = 'products';

/** A product of Manystore has a version; so does one in the mirror. */
const isForeign = (document: mongo.Document) => typeof document.version !== 'number';

/**
 * Requires that the default database of a server has no products that another program wrote. It looks at the first
 * product, and at one without a `createdAt`, which an index finds.
 *
 * @param variable the environment variable with the connection string
 * @throws {Error} with a message of one line, when there is such a document
 */
export async function requireOwnProducts(
  variable: string,
  client: mongo.MongoClient,
): Promise<void> {
  const products = client.db().collection(COLLECTION);
  for (const filter of [{}, { createdAt: null }]) {
    const sample = await products.findOne(filter);
    if (sample === null || !isForeign(sample)) continue;
    throw new Error(
      `The database in ${variable} contains documents that are not Manystore's, such as ${sample._id} in ` +
        `${products.namespace}. Choose another database in its path, and copy them with npm run adopt: see ` +
        'docs/from-the-tutorial.md',
    );
  }
}
