import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { View } from '../bson/values.ts';
import { DataFolderError } from '../errors.ts';
import type { Store } from '../storage/store.ts';
import { compact } from './compact.ts';
import { readRecords } from './file-format.ts';
import { FileJournal } from './journal.ts';
import { lockFolder } from './lock.ts';
import { Replay } from './replay.ts';

/** An open data folder. */
export interface DataFolder {
  readonly journal: FileJournal;
  /** The users in it; undefined if it has never had any. */
  readonly users: readonly View[] | undefined;
  /** Stops recording changes, writes the file to the disk and releases the folder. */
  close(): void;
}

/**
 * Opens a data folder, and creates it if it does not exist: fills a store with its data, compacts the file, and records
 * the changes of the store from then on.
 *
 * @throws DataFolderError if another process uses the folder, or its data cannot be read
 */
export function openDataFolder(folder: string, store: Store): DataFolder {
  try {
    mkdirSync(folder, { recursive: true });
    const release = lockFolder(folder);
    try {
      return load(folder, store, release);
    } catch (error) {
      release();
      throw error;
    }
  } catch (error) {
    if (error instanceof DataFolderError) throw error;
    const { message: reason } = error as Error;
    throw new DataFolderError(`Cannot use the data folder ${folder}: ${reason}`, { cause: error });
  }
}

function load(folder: string, store: Store, release: () => void): DataFolder {
  const path = join(folder, 'data.log');
  store.clear();
  const replay = new Replay(store);
  readFile(path, replay);
  const { file, size, ids } = compact(path, store, replay.users);
  const journal = new FileJournal(store, file, size, ids);
  store.changes.journal = journal;
  return {
    journal,
    users: replay.users,
    close() {
      store.changes.journal = undefined;
      try {
        journal.close();
      } finally {
        release();
      }
    },
  };
}

function readFile(path: string, replay: Replay): void {
  const file = openIfExists(path);
  if (file === undefined) return;
  try {
    const { size } = fstatSync(file);
    const records = readRecords(file, size, path);
    let next = records.next();
    for (; !next.done; next = records.next()) applyRecord(replay, next.value, path);
    if (next.value < size) {
      console.warn(
        `embedded-mongodb: ${path} ended with an incomplete record at offset ${next.value}, which was removed (${size - next.value} bytes). Its write was never acknowledged.`,
      );
    }
  } finally {
    closeSync(file);
  }
}

function openIfExists(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function applyRecord(
  replay: Replay,
  { payload, offset }: { payload: Buffer; offset: number },
  path: string,
): void {
  try {
    replay.apply(payload);
  } catch (error) {
    const { message: reason } = error as Error;
    throw new DataFolderError(`Cannot apply the record at offset ${offset} of ${path}: ${reason}`, {
      cause: error,
    });
  }
}
