import type { View } from '../bson/values.ts';
import { isView } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { compileFilter, type Predicate } from '../query/filter.ts';
import type { Collection } from '../storage/collection.ts';
import type { StoredDocument } from '../storage/document.ts';

/** A collection's options do not change, and neither does what was compiled of them. */
const compiled = new WeakMap<View, Predicate>();

/**
 * Refuses a document that its collection's validator does not admit.
 *
 * @throws MongoCommandError 121
 */
export function validate(collection: Collection, document: StoredDocument): void {
  const { validator, validationAction, validationLevel } = collection.options;
  if (!isView(validator) || validationAction === 'warn' || validationLevel === 'off') return;
  const admits = compiled.get(validator) ?? compileFilter(validator);
  compiled.set(validator, admits);
  if (admits(document.view)) return;
  throw new MongoCommandError(121, 'Document failed validation');
}
