import { sortKey } from '../bson/sort-key.ts';
import { type BsonDocument, type BsonValue, toView, type View, viewOf } from '../bson/values.ts';
import type { Command, Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import { cursorOf } from './find.ts';

/** What createIndexes takes and listIndexes never shows. */
const notStored = new Set(['background', 'ns', 'v']);

function defaultName(key: BsonDocument): string {
  return [...key].map(([path, kind]) => `${path}_${String(toView(kind))}`).join('_');
}

/** An index as it is kept: version, key and name first, then the options in their order. */
function normalized(spec: BsonValue): BsonDocument {
  const key = spec instanceof Map ? spec.get('key') : undefined;
  if (!(spec instanceof Map) || !(key instanceof Map) || key.size === 0) {
    throw new MongoCommandError(67, 'Index keys cannot be empty.');
  }
  const definition: BsonDocument = new Map<string, BsonValue>([
    ['v', 2],
    ['key', key],
    ['name', spec.get('name') ?? defaultName(key)],
  ]);
  for (const [option, value] of spec) {
    if (!definition.has(option) && !notStored.has(option) && value !== false) {
      definition.set(option, value);
    }
  }
  return definition;
}

function same(a: BsonValue, b: BsonValue): boolean {
  return sortKey(toView(a)) === sortKey(toView(b));
}

function optionsOf(definition: BsonDocument): View {
  const { name: _name, ...options } = viewOf(definition);
  return Object.fromEntries(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether the very same index is there already; one that only resembles it is an error. */
function isKnown(collection: Collection, definition: BsonDocument): boolean {
  for (const known of collection.definitions) {
    const sameName = same(known.get('name'), definition.get('name'));
    const sameKey = same(known.get('key'), definition.get('key'));
    const name = String(definition.get('name'));
    if (known.get('name') === '_id_' && sameKey) return true;
    const sameOptions = sortKey(optionsOf(known)) === sortKey(optionsOf(definition));
    if (sameName && sameKey && sameOptions) return true;
    if (sameName && !sameKey) {
      throw new MongoCommandError(
        86,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index name: ${name}`,
      );
    }
    if (sameKey && (sameName || sameOptions)) {
      throw new MongoCommandError(
        85,
        sameOptions
          ? `Index already exists with a different name: ${String(known.get('name'))}`
          : `An equivalent index already exists with the same name but different options. Requested index name: ${name}`,
      );
    }
  }
  return false;
}

const createIndexes: Handler = (command) => {
  const specs = command.exact('indexes');
  if (!Array.isArray(specs) || specs.length === 0) {
    throw new MongoCommandError(2, 'Must specify at least one index to create');
  }
  const definitions = specs.map(normalized);
  const { store } = command.state;
  const existing = store.find(command.database, command.collectionName);
  const collection = existing ?? store.open(command.database, command.collectionName);
  const before = collection.definitions.length;
  const added: string[] = [];
  try {
    for (const definition of definitions) {
      if (isKnown(collection, definition)) continue;
      collection.addIndex(definition);
      added.push(String(definition.get('name')));
    }
  } catch (error) {
    // All of the command's indexes are made, or none.
    for (const name of added) collection.dropIndex(name);
    throw error;
  }
  return {
    numIndexesBefore: before,
    numIndexesAfter: collection.definitions.length,
    createdCollectionAutomatically: existing === undefined,
    ...(added.length === 0 ? { note: 'all indexes already exist' } : {}),
  };
};

function existingCollection(command: Command): Collection {
  const { database, collectionName } = command;
  const collection = command.state.store.find(database, collectionName);
  if (collection) return collection;
  throw new MongoCommandError(26, `ns does not exist: ${database}.${collectionName}`);
}

const listIndexes: Handler = (command) => {
  const { definitions } = existingCollection(command);
  return { cursor: cursorOf(command, command.collectionName, definitions) };
};

/** The names that dropIndexes means by a name, a list of them, a key, or `*`. */
function namesOf(collection: Collection, index: BsonValue): string[] {
  if (index === '*') return collection.indexes.map(({ name }) => name);
  if (Array.isArray(index)) return index.flatMap((item) => namesOf(collection, item));
  const found = collection.definitions.find((definition) =>
    index instanceof Map ? same(definition.get('key'), index) : definition.get('name') === index,
  );
  if (found?.get('name') === '_id_') throw new MongoCommandError(72, 'cannot drop _id index');
  if (found) return [String(found.get('name'))];
  throw new MongoCommandError(
    27,
    index instanceof Map
      ? "can't find index with key"
      : `index not found with name [${String(index)}]`,
  );
}

const dropIndexes: Handler = (command) => {
  const collection = existingCollection(command);
  const nIndexesWas = collection.definitions.length;
  for (const name of namesOf(collection, command.exact('index'))) collection.dropIndex(name);
  return { nIndexesWas };
};

export const indexCommands: Record<string, Handler> = { createIndexes, listIndexes, dropIndexes };
