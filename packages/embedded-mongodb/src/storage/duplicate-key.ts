import { shellDocument } from '../bson/shell.ts';
import type { View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';

/**
 * The error for a write that would break a unique index.
 *
 * @param namespace `database.collection`
 * @param index the index's name
 * @param keyPattern its key, as it was created
 * @param keyValue the values that are taken, by path
 */
export function duplicateKey(
  namespace: string,
  index: string,
  keyPattern: unknown,
  keyValue: View,
): MongoCommandError {
  return new MongoCommandError(
    11000,
    `E11000 duplicate key error collection: ${namespace} index: ${index} dup key: ${shellDocument(keyValue)}`,
    { keyPattern, keyValue },
  );
}
