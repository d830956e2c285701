import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { type DataFolder, openDataFolder } from '../src/data-folder/open.ts';
import { compileFilter } from '../src/query/filter.ts';
import { Store } from '../src/storage/store.ts';

/** Returns a function that creates empty folders, which are removed after the tests of the file. */
export function withFolders(): () => string {
  const root = mkdtempSync(join(tmpdir(), 'embedded-mongodb-data-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return () => mkdtempSync(join(root, 'folder-'));
}

/** A store whose data is in a folder. */
export interface OpenStore extends DataFolder {
  readonly store: Store;
}

/** Opens a data folder without a server. */
export function openStore(folder: string): OpenStore {
  const store = new Store(compileFilter);
  return { store, ...openDataFolder(folder, store) };
}
