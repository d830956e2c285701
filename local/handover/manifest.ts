import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '@manystore/client';

/** The files of an exported store, each with a JSON object per line. */
export const FILES = ['products.ndjson', 'archive.ndjson'] as const;
export type FileName = (typeof FILES)[number];

/** What is known of a file, so that the receiver can check it. */
export interface FileEntry {
  records: number;
  bytes: number;
  /** The SHA-256 of the file, in hexadecimal. */
  sha256: string;
}

/** The contents of a folder with an exported store. */
export interface Manifest {
  format: 1;
  store: Pick<Store, 'id' | 'name' | 'currency' | 'status'>;
  /** When the export began and ended, in UTC. */
  startedAt: string;
  finishedAt: string;
  /** Whether the store accepted no changes meanwhile, so that the files are its state at one time. */
  isConsistent: boolean;
  files: Record<FileName, FileEntry>;
}

const MANIFEST = 'manifest.json';

/** Returns the manifest in a folder; undefined if there is none. */
export const readManifest = (folder: string): Promise<Manifest | undefined> =>
  readJson<Manifest>(join(folder, MANIFEST));

/** Writes the manifest of a folder. */
export const writeManifest = (folder: string, manifest: Manifest): Promise<void> =>
  writeJson(join(folder, MANIFEST), manifest);

/** Returns the SHA-256 of a file in hexadecimal. The file is not held in memory. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Returns the value in a JSON file; undefined if there is no file. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Replaces a JSON file as a whole: after a crash, it has the old value or the new one. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const draft = `${path}.draft`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
