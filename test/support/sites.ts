import { randomBytes } from 'node:crypto';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as createStore } from '../../functions/create-store.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler as syncMirror } from '../../functions/sync-mirror.ts';
import { addProduct } from './catalog.ts';
import { call, invoke } from './gateway.ts';
import { direct, mirrored, productsOf, registry, watermarks } from './mirror.ts';
import { run } from './settings.ts';

/** A store with all kinds of data, whose marker is in everything that belongs to it. */
export interface Site {
  /** The cluster of the store. */
  cluster: string;
  /** Is in the store's id and name, and in the names and SKUs of all its products. */
  word: string;
  id: string;
  /** A product of the store, and an archived one. */
  product: string;
  archived: string;
  /** A product of the head catalog. */
  head: string;
}

/** An SKU that every site has, with a stock of a hundred. */
export const COMMON_SKU = 'COMMON-1';

const newWord = () => `w${randomBytes(6).toString('hex')}`;
const idOf = (word: string) => `site-${run}-${word}`;

/** A site whose store does not exist; it names the products of another site. */
export function absentSite(products: Site): Site {
  const word = newWord();
  return { ...products, word, id: idOf(word) };
}

/** Creates a store on a cluster, fills it, and mirrors it. */
export async function openSite({ cluster = 'primary' } = {}): Promise<Site> {
  const word = newWord();
  const id = idOf(word);
  const name = `Thing ${word}`;
  const body = { id, name: `Shop ${word}`, currency: 'EUR', cluster };
  const opened = await call(createStore, { body });
  if (opened.status !== 201) throw new Error(`The site was not opened: ${opened.status}`);
  const { product } = await addProduct({ store: id }, { sku: `SKU-${word}`, name });
  const { path } = await addProduct({ store: id }, { sku: `OLD-${word}`, name });
  await addProduct({ store: id }, { sku: COMMON_SKU, name, stock: 100 });
  const head = await addProduct({});
  await call(archiveProduct, { path });
  await call(ingestArchive, { path: { store: id }, body: { [`legacy_${word}`]: 1 } });
  await invoke(syncMirror, { stores: [id] });
  const archived = String(path.product);
  return { cluster, word, id, product: product.id, archived, head: head.product.id };
}

/** Every document of a store, on all servers. */
export async function everythingOf({ id, cluster }: Site): Promise<object> {
  const home = cluster === 'primary' ? direct.primary : direct.cluster;
  const own = home.db(`store_${id}`);
  const all: Record<string, object> = {};
  for (const { name } of await own.listCollections().toArray())
    all[name] = await own.collection(name).find().sort({ _id: 1 }).toArray();
  const transfers = home.db().collection('transfers');
  const both = await transfers.find({ $or: [{ from: id }, { to: id }] }).toArray();
  return {
    ...all,
    products: await productsOf(id, cluster).find().sort({ _id: 1 }).toArray(),
    transfers: both,
    entry: await registry().findOne({ _id: id }),
    mark: await watermarks().findOne({ _id: id }),
    archive: await mirrored('archive').find({ store: id }).sort({ _id: 1 }).toArray(),
    mirror: await mirrored('products').find({ 'store.id': id }).sort({ _id: 1 }).toArray(),
    snapshots: await mirrored('snapshots').find({ store: id }).sort({ _id: 1 }).toArray(),
  };
}
