import type { View } from '../bson/values.ts';
import { isView } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { compileFilter, type Predicate } from '../query/filter.ts';
import type { Collection } from '../storage/collection.ts';
import type { StoredDocument } from '../storage/document.ts';

/** The compiled validators. A collection's options never change. */
const compiled = new WeakMap<View, Predicate>();

/**
 * Validates a document with the validator of its collection.
 *
 * @throws MongoCommandError 121 if the document is not valid
 */
export function validate(collection: Collection, document: StoredDocument): void {
  const { validator, validationAction, validationLevel } = collection.options;
  if (!isView(validator) || validationAction === 'warn' || validationLevel === 'off') return;
  const isValid = compiled.get(validator) ?? compileFilter(validator);
  compiled.set(validator, isValid);
  if (isValid(document.view)) return;
  throw new MongoCommandError(121, 'Document failed validation');
}
