import { shellDocument } from '../bson/shell.ts';
import { sortKey } from '../bson/sort-key.ts';
import { type BsonValue, toView, type View } from '../bson/values.ts';
import type { Command, Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';
import { indexDefinition, isKnownIndex } from '../index-definition.ts';
import type { Collection } from '../storage/collection.ts';
import { cursorOf } from './find.ts';

const mostIndexes = 64;

function same(a: BsonValue, b: BsonValue): boolean {
  return sortKey(toView(a)) === sortKey(toView(b));
}

const createIndexes: Handler = (command) => {
  const specs = command.exact('indexes');
  if (!Array.isArray(specs) || specs.length === 0) {
    throw new MongoCommandError(2, 'Must specify at least one index to create');
  }
  const definitions = specs.map(indexDefinition);
  const { store } = command;
  const existing = store.find(command.database, command.collectionName);
  const collection = existing ?? store.open(command.database, command.collectionName);
  const before = collection.definitions.length;
  const added: string[] = [];
  try {
    for (const definition of definitions) {
      if (isKnownIndex(collection.definitions, definition)) continue;
      if (collection.definitions.length >= mostIndexes) {
        throw new MongoCommandError(
          67,
          `add index fails, too many indexes for ${collection.namespace}`,
        );
      }
      collection.addIndex(definition);
      added.push(String(definition.get('name')));
    }
  } catch (error) {
    // Create all of the command's indexes, or none.
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
  const collection = command.store.find(database, collectionName);
  if (collection) return collection;
  throw new MongoCommandError(26, `ns does not exist: ${database}.${collectionName}`);
}

const listIndexes: Handler = (command) => {
  const { definitions } = existingCollection(command);
  return { cursor: cursorOf(command, command.collectionName, definitions) };
};

/** Returns the index names that the argument of dropIndexes selects: a name, a list of names, a key, or `*`. */
function namesOf(collection: Collection, index: BsonValue): string[] {
  if (index === '*') return collection.indexes.slice(1).map(({ name }) => name);
  if (Array.isArray(index)) return index.flatMap((item) => namesOf(collection, item));
  const found = collection.definitions.find((definition) =>
    index instanceof Map ? same(definition.get('key'), index) : definition.get('name') === index,
  );
  if (found?.get('name') === '_id_') throw new MongoCommandError(72, 'cannot drop _id index');
  if (found) return [String(found.get('name'))];
  throw new MongoCommandError(
    27,
    index instanceof Map
      ? `can't find index with key: ${shellDocument(toView(index) as View)}`
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
