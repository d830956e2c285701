import { open } from 'node:fs/promises';
import { ManystoreError } from '@manystore/client';
import type { TextPage } from './pages.ts';

/** How far a file has been written. */
export interface FileProgress {
  records: number;
  bytes: number;
  /** The cursor of the next page; undefined at the beginning. */
  cursor: string | undefined;
  isComplete: boolean;
}

/** After so many records, a line says how far the file is. */
const RECORDS_PER_LINE = 10_000;

/**
 * Appends pages to a file, and saves the progress after each, when the page is on disk. What an interrupted call wrote
 * beyond its last saved progress is truncated.
 *
 * @param read reads the page at a cursor
 * @throws {Error} when the service does not accept the cursor of an interrupted export any more
 */
export async function appendPages(
  path: string,
  {
    from,
    read,
    save,
    print,
  }: {
    from: FileProgress;
    read: (cursor?: string) => Promise<TextPage>;
    save: (progress: FileProgress) => Promise<void>;
    print: (line: string) => void;
  },
): Promise<void> {
  const file = await open(path, 'a', 0o600);
  try {
    await file.truncate(from.bytes);
    for (let progress = from; !progress.isComplete; ) {
      const page = await read(progress.cursor).catch((error) => {
        throw explained(error, from, path);
      });
      await file.appendFile(page.text);
      await file.sync();
      const records = progress.records + page.records;
      if (Math.floor(records / RECORDS_PER_LINE) > Math.floor(progress.records / RECORDS_PER_LINE))
        print(`${path}: ${records} records`);
      progress = {
        records,
        bytes: progress.bytes + Buffer.byteLength(page.text),
        cursor: page.next,
        isComplete: page.next === undefined,
      };
      await save(progress);
    }
  } finally {
    await file.close();
  }
}

/** Explains why an export cannot continue: its cursor was signed with a key that has been replaced. */
function explained(error: unknown, from: FileProgress, path: string): unknown {
  const isCursor =
    error instanceof ManystoreError &&
    error.status === 400 &&
    error.errors.some(({ pointer }) => pointer === '/cursor');
  if (!isCursor || from.cursor === undefined) return error;
  return new Error(`${path} cannot be continued. Delete the folder, and export the store again`, {
    cause: error,
  });
}
