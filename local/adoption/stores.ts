import pMap from 'p-map';
import { STORE_ID } from '#lib/store-id.ts';
import { get, post, type Service } from '../service.ts';
import type { OldDatabases } from './old-databases.ts';
import { storeIds } from './store-ids.ts';

/** A store that old documents are copied to. */
export interface AdoptedStore {
  id: string;
  name: string;
  /** Whether the service does not have it yet. */
  isNew: boolean;
}

/** The stores that old documents are copied to, and where each document belongs. */
export interface StorePlan {
  stores: AdoptedStore[];
  /** Returns the id of the store with an old database. */
  idOfDatabase: (database: string) => string;
  /** Returns the id of the store that a document names; undefined when it names none. */
  idOfDocument: (document: { store?: unknown }) => string | undefined;
}

interface Choices {
  /** The ids that the caller has chosen, by the name of an old database or store. */
  chosen: ReadonlyMap<string, string>;
  /** The store for the archived records that name no store. */
  archive: string | undefined;
  /** ISO 4217. */
  currency: string;
}

/** Concurrent requests. */
const AT_ONCE = 4;

/**
 * Returns the stores of the old databases. A database is a store, and so is each name in the member `store.name` of a
 * product. The name that the first product of a database contains is the name of that database's store.
 *
 * @throws {Error} with a message of one line, when there is no id for a store, or the service has another store with it
 */
export async function planStores(
  service: Service,
  old: OldDatabases,
  { chosen, archive, currency }: Choices,
): Promise<StorePlan> {
  const databaseOfName = new Map<string, string>();
  const titles = new Map<string, string>();
  for (const { store, products } of old.stores) {
    const first = await products.findOne({}, { projection: { 'store.name': 1 }, sort: { _id: 1 } });
    const name = nameIn({ store: first?.store });
    titles.set(store ?? '', name ?? store ?? '');
    if (name !== undefined && !databaseOfName.has(name)) databaseOfName.set(name, store ?? '');
  }
  for (const { products } of [old.catalog, old.archive].filter((it) => it !== undefined))
    for (const value of await products.distinct('store.name')) {
      const name = nameIn({ store: { name: value } });
      if (name !== undefined && !databaseOfName.has(name)) titles.set(name, name);
    }

  const names = [...titles.keys()];
  const unknown = [...chosen.keys()].find((name) => !titles.has(name));
  if (unknown !== undefined)
    throw new Error(
      `--store: there is no ${JSON.stringify(unknown)}; expected one of ${names.join(', ')}`,
    );
  const ids = storeIds(names, chosen);
  const nameOfId = new Map<string, string>();
  for (const [name, id] of ids) if (!nameOfId.has(id)) nameOfId.set(id, titles.get(name) ?? name);
  if (archive !== undefined && !STORE_ID.test(archive))
    throw new Error('--archive must be a store id: 1 to 30 lowercase letters, digits and hyphens');
  if (archive !== undefined && !nameOfId.has(archive)) nameOfId.set(archive, archive);
  const stores = await pMap(
    nameOfId,
    async ([id, name]) => ({ id, name, isNew: await isNew(service, id, currency) }),
    { concurrency: AT_ONCE },
  );
  return {
    stores,
    idOfDatabase: (database) => ids.get(database) ?? '',
    idOfDocument(document) {
      const name = nameIn(document);
      return name === undefined ? undefined : ids.get(databaseOfName.get(name) ?? name);
    },
  };
}

/** Creates the stores that the service does not have yet. */
export async function createStores(
  service: Service,
  { stores }: StorePlan,
  currency: string,
): Promise<void> {
  await pMap(
    stores.filter(({ isNew }) => isNew),
    ({ id, name }) => post(service, '/stores', { body: JSON.stringify({ id, name, currency }) }),
    { concurrency: AT_ONCE },
  );
}

/** @throws {Error} when the service has the store, and it cannot receive the documents */
async function isNew(service: Service, id: string, currency: string): Promise<boolean> {
  const response = await get(service, `/stores/${id}`, [404]);
  if (response.status === 404) return true;
  const store = (await response.json()) as { status: string; currency: string };
  if (store.status !== 'active')
    throw new Error(
      `The store ${id} exists and is ${store.status}. Choose another id with --store`,
    );
  if (store.currency !== currency)
    throw new Error(
      `The store ${id} exists and has the currency ${store.currency}. Choose another id with --store, or that currency`,
    );
  return false;
}

function nameIn({ store }: { store?: unknown }): string | undefined {
  const name = (store as { name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' && name.trim() !== '' ? name.trim() : undefined;
}
