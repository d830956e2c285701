import { descending, emptyKey, sortKey } from '../bson/sort-key.ts';
import type { BsonDocument, View } from '../bson/values.ts';
import { viewOf } from '../bson/values.ts';
import type { StoredDocument } from './document.ts';
import { emptyArray } from './paths.ts';
import { indexRows } from './rows.ts';
import { type Entry, SortedKeys } from './sorted-keys.ts';

/** One field of an index: where it looks, and which way it runs (0: text, hashed, 2dsphere). */
export interface IndexField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly direction: 1 | -1 | 0;
}

/** What a query may ask of an index. */
export interface IndexReader {
  readonly name: string;
  readonly definition: BsonDocument;
  readonly fields: readonly IndexField[];
  readonly sparse: boolean;
  readonly partial: View | undefined;
  /** False for kinds whose keys are not the fields' own values: they are listed, and never used. */
  readonly ordered: boolean;
  /** Paths at which documents have arrays, so that one document may have several keys. */
  readonly arrayPaths: ReadonlySet<string>;
  range(low: string, high: string | undefined, backwards?: boolean): Iterable<Entry>;
  estimate(low: string, high: string | undefined): number;
}

/** Compiles a filter into a test of documents' views. */
export type FilterCompiler = (filter: View) => (view: View) => boolean;

/** A guess: keys are not measured. */
const bytesPerEntry = 64;

function directionOf(value: unknown): 1 | -1 | 0 {
  if (typeof value !== 'number' && typeof value !== 'bigint') return 0;
  return value < 0 ? -1 : 1;
}

function keyOf(value: unknown, direction: number): string {
  const key = value === emptyArray ? emptyKey : sortKey(value);
  return direction < 0 ? descending(key) : key;
}

/**
 * An index: from key to the `_id`s of the documents that have it, in the order of the keys. It
 * names documents by their `_id` and not by version, so that a write that leaves the indexed
 * fields alone leaves it alone.
 */
export class Index implements IndexReader {
  readonly name: string;
  readonly definition: BsonDocument;
  readonly fields: readonly IndexField[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial: View | undefined;
  readonly ordered: boolean;
  readonly arrayPaths = new Set<string>();
  readonly #entries = new SortedKeys();
  readonly #paths: readonly (readonly string[])[];
  readonly #covers: ReturnType<FilterCompiler> | undefined;

  /**
   * @param definition `key`, `name` and options, as listIndexes answers it
   * @param compileFilter compiles the filter of a partial index
   */
  constructor(definition: BsonDocument, compileFilter: FilterCompiler) {
    const options = viewOf(definition);
    this.definition = definition;
    this.name = String(options.name);
    this.fields = Object.entries(options.key as View).map(([path, direction]) => ({
      path,
      parts: path.split('.'),
      direction: path.includes('$**') ? 0 : directionOf(direction),
    }));
    this.#paths = this.fields.map(({ parts }) => parts);
    this.ordered = this.fields.every(({ direction }) => direction !== 0);
    this.unique = options.unique === true || this.name === '_id_';
    this.sparse = options.sparse === true;
    this.partial = options.partialFilterExpression as View | undefined;
    this.#covers = this.partial && compileFilter(this.partial);
  }

  /** About what its entries take. */
  get bytes(): number {
    return this.#entries.size * bytesPerEntry;
  }

  /**
   * The keys a document is filed under.
   *
   * @throws MongoCommandError 171 when two of the fields are arrays
   */
  keysOf(view: View): string[] {
    const rows = this.#rowsOf(view);
    const keys = rows.map((row) => this.#keyOfRow(row));
    return keys.length > 1 ? [...new Set(keys)] : keys;
  }

  /** The `_id` keys of the documents filed under a key. */
  *find(key: string): Iterable<string> {
    for (const { key: found, id } of this.#entries.range(key, undefined)) {
      if (found !== key) return;
      yield id;
    }
  }

  range(low: string, high: string | undefined, backwards = false): Iterable<Entry> {
    return this.#entries.range(low, high, backwards);
  }

  estimate(low: string, high: string | undefined): number {
    return this.#entries.estimate(low, high);
  }

  add(keys: readonly string[], idKey: string): void {
    for (const key of keys) this.#entries.add(key, idKey);
  }

  remove(keys: readonly string[], idKey: string): void {
    for (const key of keys) this.#entries.remove(key, idKey);
  }

  /** The values of the document's fields that make up a taken key, for the error's text. */
  valuesUnder(key: string, document: StoredDocument): View {
    const values: View = {};
    const row = this.#rowsOf(document.view).find((candidate) => this.#keyOfRow(candidate) === key);
    for (const [at, { path }] of this.fields.entries()) {
      const value = row?.[at];
      values[path] = value === emptyArray ? undefined : (value ?? null);
    }
    return values;
  }

  #rowsOf(view: View): unknown[][] {
    if (!this.ordered || (this.#covers && !this.#covers(view))) return [];
    const rows = indexRows(view, this.#paths, (path) => this.arrayPaths.add(path));
    if (!this.sparse) return rows;
    return rows.filter((row) => row.some((value) => value !== undefined));
  }

  #keyOfRow(row: readonly unknown[]): string {
    let key = '';
    for (const [at, { direction }] of this.fields.entries()) key += keyOf(row[at], direction);
    return key;
  }
}
