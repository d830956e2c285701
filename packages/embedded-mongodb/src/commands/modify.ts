import { compare } from '../bson/compare.ts';
import { shellText } from '../bson/shell.ts';
import { type BsonDocument, type BsonValue, toView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import type { StoredDocument } from '../storage/document.ts';
import { compileUpdate, isReplacement, type Update } from '../update/apply.ts';
import { seedOf } from '../update/upsert.ts';
import { storable } from './insert.ts';
import { validate } from './validation.ts';

/** A compiled update, which can be applied to any number of documents. */
export class Modification {
  readonly isReplacement: boolean;
  readonly #filter: BsonDocument;
  readonly #update: Update;

  /**
   * @param filter the query in exact values
   * @param update operators, a document or a pipeline, in exact values
   * @throws MongoCommandError for an invalid update
   */
  constructor(filter: BsonDocument, update: BsonValue, arrayFilters: unknown, variables?: View) {
    this.isReplacement = isReplacement(update);
    this.#filter = filter;
    const filters = Array.isArray(arrayFilters) ? arrayFilters : [];
    this.#update = compileUpdate(update, toView(filter) as View, filters, variables);
  }

  /**
   * Applies the update to a stored document.
   *
   * @returns the new version, or the same one if the update changed nothing
   * @throws MongoCommandError 66 if the update would change the `_id`, 11000 for a duplicate key
   */
  apply(collection: Collection, document: StoredDocument): StoredDocument {
    const changed = storable(this.#update(document.exact(), false));
    if (changed.bytes.equals(document.bytes)) return document;
    const id = changed.view._id;
    if (compare(id, document.view._id) !== 0) {
      throw new MongoCommandError(
        66,
        this.isReplacement
          ? `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${shellText(id)}`
          : "Performing an update on the path '_id' would modify the immutable field '_id'",
      );
    }
    validate(collection, changed);
    collection.replace(document, changed);
    return changed;
  }

  /** Inserts the document of an upsert whose query matched nothing. */
  insert(collection: Collection): StoredDocument {
    const seed = seedOf(this.#filter, this.isReplacement);
    const id = seed.get('_id');
    const document = storable(this.#update(seed, true));
    if (id !== undefined && compare(toView(id), document.view._id) !== 0) {
      throw new MongoCommandError(
        66,
        "Performing an update on the path '_id' would modify the immutable field '_id'",
      );
    }
    validate(collection, document);
    collection.insert(document);
    return document;
  }
}
