import { linkSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolderError } from '../errors.ts';

/** The folders that this process has locked. */
const locked = new Set<string>();

/**
 * Locks a folder with a file that names this process. The lock of a process that has ended is taken over.
 *
 * @param folder a folder that exists
 * @returns a function that releases the lock
 * @throws DataFolderError if a running process has locked it
 */
export function lockFolder(folder: string): () => void {
  const path = realpathSync(folder);
  const lock = join(path, 'lock');
  // A file that appears with its content: another process never reads a lock without an owner.
  const own = join(path, `lock.${process.pid}`);
  writeFileSync(own, `${process.pid}\n`);
  try {
    while (!create(own, lock)) {
      const owner = ownerOf(lock);
      if (owner !== undefined && isRunning(owner, path)) throw inUse(folder, owner, lock);
      if (owner !== undefined) removeStale(lock, owner);
    }
  } finally {
    rmSync(own, { force: true });
  }
  locked.add(path);
  return () => {
    locked.delete(path);
    rmSync(lock, { force: true });
  };
}

function create(own: string, lock: string): boolean {
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a process that has ended. Another process may be doing the same. */
function removeStale(lock: string, owner: number): void {
  const moved = `${lock}.stale.${process.pid}`;
  try {
    // Only one process can move the file away.
    renameSync(lock, moved);
    // If it is the lock of a process that was faster, give it back.
    if (ownerOf(moved) !== owner) create(moved, lock);
    rmSync(moved, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Returns the process that holds a lock; undefined if the lock has just been released. */
function ownerOf(lock: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(lock, 'utf8'), 10);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isRunning(owner: number, path: string): boolean {
  // A container often gives a restarted process the same number.
  if (owner === process.pid) return locked.has(path);
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    // EPERM: the process of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(folder: string, owner: number, lock: string): DataFolderError {
  return new DataFolderError(
    `The data folder ${folder} is in use by process ${owner}. Stop it, or choose another folder. If that process is not a MongoDB server, delete ${lock}.`,
  );
}
