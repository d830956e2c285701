import { sortKey } from '../bson/sort-key.ts';
import { type BsonDocument, isView, toView } from '../bson/values.ts';
import type { Command, Handler } from '../command.ts';
import type { Reply } from '../command-types.ts';
import { MongoCommandError } from '../errors.ts';
import type { StoredCollection } from '../storage/stored-collection.ts';

function splitNamespace(value: unknown): [database: string, name: string] {
  const text = typeof value === 'string' ? value : '';
  const dot = text.indexOf('.');
  if (dot <= 0 || dot === text.length - 1) {
    throw new MongoCommandError(73, `Invalid namespace specified '${String(value)}'`);
  }
  return [text.slice(0, dot), text.slice(dot + 1)];
}

const renameCollection: Handler = (command) => {
  const { databases } = command.state;
  if (command.database !== 'admin') {
    throw new MongoCommandError(13, 'renameCollection may only be run against the admin database.');
  }
  const from = splitNamespace(command.options[command.name]);
  const to = splitNamespace(command.options.to);
  const [source, target] = [databases.find(...from), databases.find(...to)];
  if (!source) {
    throw new MongoCommandError(26, `Source collection ${from.join('.')} does not exist`);
  }
  databases.nameFor(...to);
  if (source === target) {
    throw new MongoCommandError(20, "Can't rename a collection to itself");
  }
  if (target && command.options.dropTarget !== true) {
    throw new MongoCommandError(48, 'target namespace exists');
  }
  databases.rename(from, to);
  return {};
};

function storedCollection(command: Command): StoredCollection {
  const { database, collectionName } = command;
  const found = command.state.databases.find(database, collectionName);
  if (found) return found;
  throw new MongoCommandError(26, `ns does not exist: ${database}.${collectionName}`);
}

function indexToChange(collection: StoredCollection, { name, keyPattern }: Reply): BsonDocument {
  const found = collection.definitions.find((definition) =>
    keyPattern === undefined
      ? definition.get('name') === name
      : sortKey(toView(definition.get('key'))) === sortKey(keyPattern),
  );
  if (found) return found;
  throw new MongoCommandError(
    27,
    `cannot find index ${JSON.stringify(keyPattern ?? name)} for ns ${collection.namespace}`,
  );
}

function changeIndex(definition: BsonDocument, change: Reply): Reply {
  const reply: Reply = {};
  const { expireAfterSeconds, hidden } = change;
  if (expireAfterSeconds !== undefined) {
    const seconds = Number(expireAfterSeconds);
    const key = definition.get('key');
    if (!(seconds >= 0) || !(key instanceof Map) || key.size > 1 || key.has('_id')) {
      throw new MongoCommandError(72, 'TTL indexes are single-field indexes, and not on _id');
    }
    const was = definition.get('expireAfterSeconds');
    if (was !== undefined) reply.expireAfterSeconds_old = was;
    reply.expireAfterSeconds_new = BigInt(Math.trunc(seconds));
    definition.set('expireAfterSeconds', Math.trunc(seconds));
  }
  if (hidden !== undefined) {
    if (definition.get('name') === '_id_') throw new MongoCommandError(2, "can't hide _id index");
    reply.hidden_old = definition.get('hidden') === true;
    reply.hidden_new = hidden === true;
    if (hidden === true) definition.set('hidden', true);
    else definition.delete('hidden');
  }
  return reply;
}

const changeableOptions = ['validator', 'validationLevel', 'validationAction'];

const collMod: Handler = (command) => {
  const collection = storedCollection(command);
  collection.requireUnused();
  collection.recordChange();
  const { index } = command.options;
  for (const option of changeableOptions) {
    const value = command.options[option];
    if (value !== undefined) collection.options[option] = value;
  }
  if (index === undefined) return {};
  if (!isView(index) || (index.name === undefined && index.keyPattern === undefined)) {
    throw new MongoCommandError(72, 'Must specify either index name or key pattern');
  }
  if (index.expireAfterSeconds === undefined && index.hidden === undefined) {
    throw new MongoCommandError(
      72,
      'no expireAfterSeconds, hidden, unique, or prepareUnique field',
    );
  }
  return changeIndex(indexToChange(collection, index), index);
};

export const alterCommands: Record<string, Handler> = { renameCollection, collMod };
