import { descending, emptyKey, sortKey } from '../bson/sort-key.ts';
import type { BsonDocument, View } from '../bson/values.ts';
import { viewOf } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { compileFilter, type Predicate } from '../query/filter.ts';
import type { StoredDocument } from './document.ts';
import { emptyArray, indexedValues } from './paths.ts';

/** One field of an index: where it looks, and which way it runs (0: text, hashed, 2dsphere). */
interface IndexField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly direction: 1 | -1 | 0;
}

function directionOf(value: unknown): 1 | -1 | 0 {
  if (typeof value !== 'number') return 0;
  return value < 0 ? -1 : 1;
}

function keyOf(value: unknown, direction: number): string {
  const key = value === emptyArray ? emptyKey : sortKey(value);
  return direction < 0 ? descending(key) : key;
}

/**
 * An index: from key to the `_id`s of the documents that have it. It names documents by their
 * `_id` and not by version, so that a write that leaves the indexed fields alone leaves it alone.
 */
export class Index {
  readonly name: string;
  readonly definition: BsonDocument;
  readonly options: View;
  readonly fields: readonly IndexField[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial: View | undefined;
  /** False for kinds whose keys are not the fields' own values: they are listed, and never used. */
  readonly ordered: boolean;
  readonly #entries = new Map<string, string | Set<string>>();
  readonly #covers: Predicate | undefined;

  /** @param definition `key`, `name` and options, as listIndexes answers it */
  constructor(definition: BsonDocument) {
    this.definition = definition;
    this.options = viewOf(definition);
    this.name = String(this.options.name);
    this.fields = Object.entries(this.options.key as View).map(([path, direction]) => ({
      path,
      parts: path.split('.'),
      direction: directionOf(direction),
    }));
    this.ordered = this.fields.every(({ direction }) => direction !== 0);
    this.unique = this.options.unique === true;
    this.sparse = this.options.sparse === true;
    this.partial = this.options.partialFilterExpression as View | undefined;
    this.#covers = this.partial && compileFilter(this.partial);
  }

  /**
   * The keys a document is filed under.
   *
   * @throws MongoCommandError 171 when two of the fields are arrays
   */
  keysOf(view: View): string[] {
    if (!this.ordered || (this.#covers && !this.#covers(view))) return [];
    const columns = this.fields.map(({ parts }) => indexedValues(view, parts));
    if (this.sparse && columns.every((values) => values.length === 0)) return [];
    if (columns.filter((values) => values.length > 1).length > 1) {
      throw new MongoCommandError(171, 'cannot index parallel arrays');
    }
    let keys = [''];
    for (const [at, values] of columns.entries()) {
      const direction = this.fields[at]?.direction ?? 1;
      const parts = values.length === 0 ? [keyOf(null, direction)] : [];
      for (const value of values) parts.push(keyOf(value, direction));
      keys = parts.flatMap((part) => keys.map((key) => key + part));
    }
    return keys.length > 1 ? [...new Set(keys)] : keys;
  }

  /** The key that exactly these values, one for each field, are filed under. */
  keyFor(values: readonly unknown[]): string {
    return this.fields.map(({ direction }, at) => keyOf(values[at] ?? null, direction)).join('');
  }

  /** The `_id` keys of the documents filed under a key. */
  find(key: string): Iterable<string> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return [];
    return typeof entry === 'string' ? [entry] : entry;
  }

  /**
   * Looks for another document that holds one of this document's keys.
   *
   * @param keys what keysOf gave for it
   * @param idKey the document's own
   * @returns the key that is taken, if this index is unique and one is
   */
  takenKey(keys: readonly string[], idKey: string): string | undefined {
    if (!this.unique) return undefined;
    return keys.find((key) => {
      for (const owner of this.find(key)) if (owner !== idKey) return true;
      return false;
    });
  }

  add(keys: readonly string[], idKey: string): void {
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (entry === undefined) this.#entries.set(key, idKey);
      else if (entry instanceof Set) entry.add(idKey);
      else if (entry !== idKey) this.#entries.set(key, new Set([entry, idKey]));
    }
  }

  remove(keys: readonly string[], idKey: string): void {
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (entry instanceof Set) {
        entry.delete(idKey);
        if (entry.size === 0) this.#entries.delete(key);
      } else if (entry === idKey) {
        this.#entries.delete(key);
      }
    }
  }

  /** The values of the document's fields that make up a taken key, for the error's text. */
  valuesUnder(key: string, document: StoredDocument): View {
    const values: View = {};
    const columns = this.fields.map(({ parts }) => indexedValues(document.view, parts));
    for (const [at, { path, direction }] of this.fields.entries()) {
      const candidates = columns[at] ?? [];
      // Of an array's elements, the one whose own key is part of the taken key.
      const value = candidates.find((item) => key.includes(keyOf(item, direction)));
      values[path] = value === emptyArray ? undefined : (value ?? null);
    }
    return values;
  }
}
