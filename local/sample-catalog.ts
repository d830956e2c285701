import { type Connection, Types } from 'mongoose';
import { ingestRecords } from '#lib/archive/archive.ts';
import { archiveOn } from '#lib/archive/record.ts';
import { leaseCluster, primary, secondary } from '#lib/connections.ts';
import { modelsIn } from '#lib/indexes/collections.ts';
import { type Catalog, openCatalog, openHeadCatalog } from '#lib/products/catalog.ts';
import { newRecord, productsOn } from '#lib/products/record.ts';
import { productInput } from '#lib/products/schema.ts';
import { PRIMARY_CLUSTER } from '#lib/runtime/cluster-names.ts';
import { clusterNames } from '#lib/runtime/cluster-strings.ts';
import { provisionStore } from '#lib/stores/provisioning.ts';
import { Registry } from '#lib/stores/record.ts';
import { headProducts, oldRecords, STORE_WITH_RECORDS, sampleStores } from './sample-data.ts';
import { get, type Service } from './service.ts';

/** The caller that creates the sample catalog. */
const CREATOR = { stores: 'all' } as const;
/** Enough for a server on another machine. */
const TIMEOUT_MS = 60_000;
/** The SKU of the first product of the head catalog. */
const FIRST_SKU = 'LAP-PRO';

/**
 * Creates the sample catalog on the servers that the environment configures, unless there is a store or a product of the
 * head catalog. It also continues a call that was interrupted: the archive is created last, so the sample is incomplete
 * without it.
 */
export async function seedIfEmpty(): Promise<void> {
  const head = productsOn(await primary());
  const isEmpty = !(await Registry.exists({})) && !(await head.exists({}));
  if (isEmpty || ((await sampleExists()) && (await lacksArchive()))) await seedSampleCatalog();
}

/** Returns whether the sample catalog, or a part of it, exists on the servers that the environment configures. */
export const sampleExists = async (): Promise<boolean> =>
  Boolean(await productsOn(await primary()).exists({ sku: FIRST_SKU }));

async function lacksArchive(): Promise<boolean> {
  if (!(await Registry.exists({ _id: STORE_WITH_RECORDS }))) return false;
  const archive = archiveOn(await secondary());
  return !(await archive.exists({ store: STORE_WITH_RECORDS }));
}

/** Returns whether the sample catalog, or a part of it, exists in a service: its first product. A store may have the same id by chance. */
export async function hasSampleCatalog(service: Service): Promise<boolean> {
  const { items } = (await (await get(service, `/products?q=${FIRST_SKU}`)).json()) as {
    items: { sku: string }[];
  };
  return items.some(({ sku }) => sku === FIRST_SKU);
}

/**
 * Creates the sample catalog. Existing items are kept.
 *
 * @param now the time at which its products were created
 */
export async function seedSampleCatalog(now = new Date()): Promise<void> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  using head = await openHeadCatalog('write', signal);
  await insert(head, headProducts, now);
  const clusters = await clusterNames();
  for (const { products, cluster = PRIMARY_CLUSTER, ...store } of sampleStores) {
    const known = clusters.includes(cluster) ? cluster : PRIMARY_CLUSTER;
    await provisionSample({ ...store, cluster: known }, signal);
    using catalog = await openCatalog(store.id, 'write', { caller: CREATOR, signal });
    await insert(catalog, products, now);
    if (store.id === STORE_WITH_RECORDS)
      await ingestRecords(catalog.store, Object.values(oldRecords), signal);
  }
}

/** Creates a store, unless this has already created it. */
export const provisionSample = (
  store: { id: string; name: string; currency: string; cluster?: string },
  signal: AbortSignal,
) =>
  provisionStore(
    {
      ...store,
      openedBy: 'the sample catalog',
      modelsOf: (database: Connection) => modelsIn('store', database),
    },
    signal,
  );

const insert = ({ products }: Catalog, samples: Record<string, object>, now: Date) =>
  products.insertMissing(
    Object.entries(samples).map(([id, sample]) => ({
      ...newRecord(productInput.parse(sample), now),
      _id: new Types.ObjectId(id),
    })),
  );

/** Drops the databases of the sample stores, and of further stores, on every cluster. */
export async function dropSampleStores(...more: string[]): Promise<void> {
  for (const name of await clusterNames()) {
    using cluster = await leaseCluster(name);
    for (const id of [...sampleStores.map((store) => store.id), ...more])
      await cluster.connection.useDb(`store_${id}`).dropDatabase();
  }
}
