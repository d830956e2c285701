import { mongo } from 'mongoose';

/**
 * Returns the first documents, up to a count and a total size, so that a function's memory is sufficient however large
 * the documents are. The last document may exceed the size.
 *
 * @param limits.bytes the total size, in bytes of BSON
 * @returns the documents; and whether a limit was reached, so that there may be more
 */
export async function readUpTo<T extends object>(
  all: AsyncIterable<T>,
  limits: { count: number; bytes: number },
): Promise<{ documents: T[]; bytes: number; isFull: boolean }> {
  const documents: T[] = [];
  let bytes = 0;
  for await (const document of all) {
    documents.push(document);
    bytes += mongo.BSON.calculateObjectSize(document);
    if (documents.length === limits.count || bytes >= limits.bytes)
      return { documents, bytes, isFull: true };
  }
  return { documents, bytes, isFull: false };
}
