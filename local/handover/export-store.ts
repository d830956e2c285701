import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manystore, Store } from '@manystore/client';
import {
  FILES,
  type FileEntry,
  type FileName,
  type Manifest,
  readJson,
  readManifest,
  sha256Of,
  writeJson,
  writeManifest,
} from './manifest.ts';
import { EMPTY_PAGE, type PageReader, readArchive, readProducts } from './pages.ts';
import { appendPages, type FileProgress } from './resumable-file.ts';

/** The export of a store. */
export interface StoreExport {
  client: Manystore;
  store: string;
  /** An empty folder, one that does not exist, or one in which an export of the store was interrupted. */
  folder: string;
  print: (line: string) => void;
}

/** What an interrupted export has written so far. */
interface State {
  store: Store;
  startedAt: string;
  files: Record<FileName, FileProgress>;
}

const READERS: Record<FileName, PageReader> = {
  'products.ndjson': readProducts,
  'archive.ndjson': readArchive,
};
const STATE = 'export.json';
const BEGINNING: FileProgress = { records: 0, bytes: 0, cursor: undefined, isComplete: false };

/**
 * Writes the products and the archive of a store to a folder, page by page, and then a manifest. If it is interrupted, the
 * same call continues after the last page that was written. At most one page is in memory.
 *
 * @throws {Error} when the folder has another export, or a complete one
 * @throws {ManystoreError} {NetworkError} when the service rejects a request, or does not respond
 */
export async function exportStore({
  client,
  store,
  folder,
  print,
}: StoreExport): Promise<Manifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (await readManifest(folder)) throw new Error(`${folder} has a complete export already`);
  const state = (await readJson<State>(join(folder, STATE))) ?? (await begin(client, store));
  if (state.store.id !== store)
    throw new Error(`${folder} has an unfinished export of ${state.store.id}`);

  for (const name of FILES) {
    if (state.files[name].isComplete) continue;
    const save = async (progress: FileProgress) => {
      state.files[name] = progress;
      await writeJson(join(folder, STATE), state);
    };
    const isGone = name === 'products.ndjson' && state.store.status === 'closed';
    const read = async (cursor?: string) =>
      isGone ? EMPTY_PAGE : READERS[name](client, store, cursor);
    await appendPages(join(folder, name), { from: state.files[name], read, save, print });
  }
  const manifest = await finish(client, folder, state);
  await writeManifest(folder, manifest);
  await rm(join(folder, STATE));
  return manifest;
}

async function begin(client: Manystore, id: string): Promise<State> {
  const store = await readStore(client, id);
  const files = { 'products.ndjson': BEGINNING, 'archive.ndjson': BEGINNING };
  return { store, startedAt: new Date().toISOString(), files };
}

async function finish(client: Manystore, folder: string, state: State): Promise<Manifest> {
  const { startedAt } = state;
  const { id, name, currency, status, version } = state.store;
  const now = await readStore(client, id);
  const isConsistent = status !== 'active' && status !== 'closing' && now.version === version;
  const files = {} as Record<FileName, FileEntry>;
  for (const file of FILES) {
    const { records, bytes } = state.files[file];
    files[file] = { records, bytes, sha256: await sha256Of(join(folder, file)) };
  }
  const store = { id, name, currency, status };
  return { format: 1, store, startedAt, finishedAt: new Date().toISOString(), isConsistent, files };
}

async function readStore(client: Manystore, id: string): Promise<Store> {
  const { data } = await client.GET('/stores/{store}', { params: { path: { store: id } } });
  return data;
}
