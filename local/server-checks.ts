import type { mongo } from 'mongoose';

/** A database of a store that cannot exist, because an id has no underscore. */
const NO_STORE = 'store__check';
const UNAUTHORIZED = 13;

/**
 * Checks that a server can do what the service needs: transactions, and writing, indexing and dropping databases.
 *
 * @param variable the environment variable with its connection string
 * @param hasStores whether it has the databases of the stores
 * @throws {Error} with a message of one line that says what is missing and what to do
 */
export async function requireAbilities(
  variable: string,
  client: mongo.MongoClient,
  { hasStores }: { hasStores: boolean },
): Promise<void> {
  const hello = await client.db('admin').command({ hello: 1 });
  // `isdbgrid` is a mongos, which leads to a sharded cluster.
  if (!hello.setName && hello.msg !== 'isdbgrid')
    throw new Error(
      `The server in ${variable} is a standalone mongod, which has no transactions. Start it with --replSet rs0, and run rs.initiate() once`,
    );
  const nothing = { delete: 'products', deletes: [{ q: { _id: 'start-check' }, limit: 1 }] };
  const missing: string[] = [];
  const own = client.db();
  if (!(await isAllowed(own, nothing))) missing.push(`readWrite on ${own.databaseName}`);
  if (hasStores) {
    const store = client.db(NO_STORE);
    if (!(await isAllowed(store, nothing))) missing.push('readWrite on the databases store_*');
    if (!(await isAllowed(store, { dropDatabase: 1 })))
      missing.push('dbAdmin on the databases store_*');
  }
  if (missing.length > 0)
    throw new Error(
      `The user in ${variable} lacks ${missing.join(' and ')}. Grant it these roles, or readWriteAnyDatabase and dbAdminAnyDatabase`,
    );
}

/** Returns whether the user may run a command, which must have no effect. */
async function isAllowed(database: mongo.Db, command: mongo.Document): Promise<boolean> {
  try {
    await database.command(command);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === UNAUTHORIZED) return false;
    throw error;
  }
}
