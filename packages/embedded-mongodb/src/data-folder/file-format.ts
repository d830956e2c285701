import { readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DataFolderError } from '../errors.ts';

/** The first bytes of a data file; the number is the version of its format. */
export const signature = Buffer.from('embedded-mongodb data 1\n');

/** The size of a record's head: the length of its payload, and the checksums of the payload and of these two numbers. */
const headSize = 12;

/** The most that is read or written at once, since Node limits it to 2 GiB. */
const largestStep = 2 ** 30;

/** Returns a payload as a record of a data file. */
export function recordOf(payload: Buffer): Buffer {
  const head = Buffer.allocUnsafe(headSize);
  head.writeUInt32LE(payload.length, 0);
  head.writeUInt32LE(crc32(payload), 4);
  head.writeUInt32LE(crc32(head.subarray(0, 8)), 8);
  return Buffer.concat([head, payload]);
}

/** Writes bytes to a file at an offset, and returns the offset after them. */
export function writeAt(file: number, bytes: Buffer, offset: number): number {
  for (let done = 0; done < bytes.length; ) {
    const step = Math.min(bytes.length - done, largestStep);
    done += writeSync(file, bytes, done, step, offset + done);
  }
  return offset + bytes.length;
}

function readAt(file: number, length: number, offset: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const step = Math.min(length - done, largestStep);
    const read = readSync(file, bytes, done, step, offset + done);
    if (read === 0) throw new Error('the file became shorter while it was read');
    done += read;
  }
  return bytes;
}

/**
 * Reads the records of a data file. A record whose end is missing ends them: its process was killed while writing it.
 *
 * @param file the descriptor of the file
 * @param size the size of the file in bytes
 * @param path for messages
 * @returns the offset of the end of the last complete record
 * @throws DataFolderError for a file that is not a data file, or whose bytes have changed since they were written
 */
export function* readRecords(
  file: number,
  size: number,
  path: string,
): Generator<{ payload: Buffer; offset: number }, number> {
  const start = readAt(file, Math.min(size, signature.length), 0);
  if (!start.equals(signature)) {
    throw new DataFolderError(`${path} is not a data file that this version can read`);
  }
  let offset = signature.length;
  while (offset + headSize <= size) {
    const head = readAt(file, headSize, offset);
    const length = head.readUInt32LE(0);
    // The head has its own checksum, or a changed length would look like a record whose end is missing.
    if (crc32(head.subarray(0, 8)) !== head.readUInt32LE(8)) throw damaged(path, offset);
    const end = offset + headSize + length;
    if (end > size) return offset;
    const payload = readAt(file, length, offset + headSize);
    if (crc32(payload) !== head.readUInt32LE(4)) throw damaged(path, offset);
    yield { payload, offset };
    offset = end;
  }
  return offset;
}

function damaged(path: string, offset: number): DataFolderError {
  return new DataFolderError(
    `${path} is damaged: the record at offset ${offset} does not match its checksum. Restore the file from a copy, or cut it at this offset to keep what precedes it.`,
  );
}
