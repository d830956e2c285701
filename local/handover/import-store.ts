import { join } from 'node:path';
import { type Manystore, ManystoreError } from '@manystore/client';
import { partsOf } from './lines.ts';
import { FILES, type Manifest, readManifest, sha256Of } from './manifest.ts';
import { type ArchivedRecord, productOf, recordOf } from './records.ts';

/** The import of an exported store. */
export interface StoreImport {
  client: Manystore;
  /** A folder with an exported store. */
  folder: string;
  /** The id of the store to create or to continue; by default, that of the exported store. */
  store?: string | undefined;
  /** Products that were archived at this time or later become products again, instead of archived records. */
  restoreSince?: Date | undefined;
  print: (line: string) => void;
}

/** What an import did. */
export interface ImportCounts {
  created: number;
  updated: number;
  unchanged: number;
  archived: number;
  /** A line for each product that the service rejected. */
  failed: string[];
}

/**
 * Creates a store from an exported one, after checking the files. It can be repeated: products and records that exist
 * already are not changed.
 *
 * @throws {Error} when the folder has no complete export, or a file differs from the manifest
 * @throws {ManystoreError} {NetworkError} when the service rejects a request, or does not respond
 */
export async function importStore(options: StoreImport): Promise<ImportCounts> {
  const { client, folder, restoreSince, print } = options;
  const manifest = await checkedManifest(folder);
  const store = options.store ?? manifest.store.id;
  await createStore(client, { ...manifest.store, id: store });
  const counts: ImportCounts = { created: 0, updated: 0, unchanged: 0, archived: 0, failed: [] };

  const sendProducts = async (lines: string[]) => {
    const { data } = await client.POST('/stores/{store}/products/import', {
      params: { path: { store } },
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines.join('\n'),
    });
    for (const name of ['created', 'updated', 'unchanged'] as const) counts[name] += data[name];
    for (const { sku, reason } of data.failed) counts.failed.push(`${sku}: ${reason}`);
    print(`${counts.created + counts.updated + counts.unchanged} products`);
  };

  for await (const lines of partsOf(join(folder, 'products.ndjson'))) await sendProducts(lines);
  for await (const lines of partsOf(join(folder, 'archive.ndjson'))) {
    const records = lines.map((line) => JSON.parse(line) as ArchivedRecord);
    const isRestored = ({ _archive: { source, archivedAt } }: ArchivedRecord) =>
      restoreSince !== undefined && source === 'catalog' && new Date(archivedAt) >= restoreSince;
    const products = records.filter(isRestored).map((record) => JSON.stringify(productOf(record)));
    const others = records.filter((record) => !isRestored(record)).map(recordOf);
    if (products.length > 0) await sendProducts(products);
    if (others.length === 0) continue;
    await client.POST('/stores/{store}/archive', { params: { path: { store } }, body: others });
    counts.archived += others.length;
    print(`${counts.archived} archived records`);
  }
  return counts;
}

async function checkedManifest(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  if (!manifest) throw new Error(`${folder} has no complete export: manifest.json is missing`);
  for (const name of FILES)
    if ((await sha256Of(join(folder, name))) !== manifest.files[name].sha256)
      throw new Error(`${join(folder, name)} differs from the manifest: copy the folder again`);
  return manifest;
}

/** Creates a store. An active store with this id is kept, so that an import can be repeated. */
async function createStore(
  client: Manystore,
  { id, name, currency }: Manifest['store'],
): Promise<void> {
  try {
    await client.POST('/stores', { body: { id, name, currency } });
  } catch (error) {
    if (!(error instanceof ManystoreError && error.kind === 'duplicate-key')) throw error;
    const { data } = await client.GET('/stores/{store}', { params: { path: { store: id } } });
    if (data.status !== 'active')
      throw new Error(`The store ${id} is ${data.status}. Choose another id with --as`);
  }
}
