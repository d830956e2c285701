import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { mongo } from 'mongoose';
import { connectionStringVariable, SERVER_NAMES, type Server } from '#lib/runtime/servers.ts';
import { connectTo } from '../connect-to.ts';

/** A collection `products` that the tutorial's code filled. */
export interface OldCollection {
  server: Server;
  /** The names of the database and the collection. */
  namespace: string;
  /** The name of its store, if the collection has the database of a store. */
  store?: string;
  /** About how many documents it has. */
  count: number;
  products: mongo.Collection;
}

/** The databases that the tutorial's code filled. They are only read. */
export interface OldDatabases extends AsyncDisposable {
  /** The products of the primary connection's own database; undefined if there are none. */
  catalog: OldCollection | undefined;
  /** The products of the secondary connection's own database; undefined if there are none, or if it is the same database. */
  archive: OldCollection | undefined;
  /** The databases of stores, on both servers. */
  stores: OldCollection[];
}

/**
 * Connects to the databases that a file like the tutorial's `.env` names.
 *
 * @param file has `PRIMARY_CONN_STR`, and usually `SECONDARY_CONN_STR`
 * @param prefix what the names of the stores' databases begin with
 * @throws {Error} with a message of one line, when the file cannot be read, or a server does not respond
 */
export async function openOldDatabases(file: string, prefix: string): Promise<OldDatabases> {
  const uris = connectionStringsIn(file);
  const clients: mongo.MongoClient[] = [];
  const close = async () => {
    await Promise.all(clients.map((client) => client.close()));
  };
  try {
    const found = new Map<string, OldCollection>();
    for (const [server, uri] of uris) {
      const client = await connectTo(`${connectionStringVariable(server)} of ${file}`, uri);
      clients.push(client);
      // Both connections may lead to one server, whose databases are then listed twice.
      const address = client.options.hosts.map(String).sort().join();
      for (const collection of await collectionsOn(client, server, prefix)) {
        const key = `${address}/${collection.namespace}`;
        if (!found.has(key)) found.set(key, collection);
      }
    }
    const all = [...found.values()];
    const own = (server: Server) =>
      all.find((collection) => collection.server === server && collection.store === undefined);
    return {
      catalog: own('primary'),
      archive: own('secondary'),
      stores: all.filter(({ store }) => store !== undefined),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function connectionStringsIn(file: string): [Server, string][] {
  let env: NodeJS.Dict<string>;
  try {
    env = parseEnv(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`Cannot read ${file}. Set --from to the .env file of the old application`);
  }
  const uris = SERVER_NAMES.map((server): [Server, string] => [
    server,
    env[connectionStringVariable(server)] ?? '',
  ]).filter(([, uri]) => uri !== '');
  if (uris.length === 0)
    throw new Error(`${file} has neither PRIMARY_CONN_STR nor SECONDARY_CONN_STR`);
  return uris;
}

/** Returns the collections `products` in a server's own database and in those of stores, if they have documents. */
async function collectionsOn(
  client: mongo.MongoClient,
  server: Server,
  prefix: string,
): Promise<OldCollection[]> {
  const own = client.db().databaseName;
  const { databases } = await client
    .db('admin')
    .admin()
    .listDatabases({ nameOnly: true, authorizedDatabases: true });
  const stores = databases
    .map(({ name }) => name)
    .filter((name) => name !== own && name.length > prefix.length && name.startsWith(prefix));
  const collections: OldCollection[] = [];
  for (const name of [own, ...stores.sort()]) {
    const products = client.db(name).collection('products');
    const count = await products.estimatedDocumentCount();
    if (count === 0) continue;
    const { namespace } = products;
    const old: OldCollection = { server, namespace, count, products };
    collections.push(name === own ? old : { ...old, store: name });
  }
  return collections;
}
