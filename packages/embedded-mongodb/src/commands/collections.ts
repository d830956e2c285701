import { sortKey } from '../bson/sort-key.ts';
import { isView, type View } from '../bson/values.ts';
import type { Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';
import { compileFilter } from '../query/filter.ts';
import type { Collection } from '../storage/collection.ts';
import type { StoredCollection } from '../storage/stored-collection.ts';
import { cursorOf } from './find.ts';

/** Generic command fields, which are not options of a collection. */
const envelope = new Set([
  'lsid',
  'txnNumber',
  'writeConcern',
  'readConcern',
  'comment',
  'maxTimeMS',
  'autocommit',
  'startTransaction',
  'autoIndexId',
]);

function collectionOptions(options: View, name: string): View {
  const entries = Object.entries(options).filter(
    ([key]) => key !== name && !envelope.has(key) && !key.startsWith('$') && !key.startsWith('api'),
  );
  return Object.fromEntries(entries);
}

/** The options of special collections that this server does not support. */
const otherKinds = ['capped', 'timeseries', 'viewOn'];

const create: Handler = (command) => {
  const { store, database, collectionName } = command;
  const options = collectionOptions(command.options, command.name);
  const existing = store.find(database, collectionName);
  if (existing && sortKey(existing.options) !== sortKey(options)) {
    throw new MongoCommandError(48, `Collection ${existing.namespace} already exists.`);
  }
  const kind = otherKinds.find((name) => options[name]);
  if (kind) {
    throw new MongoCommandError(
      238,
      `The embedded MongoDB has plain collections only: '${kind}' asks for another kind`,
    );
  }
  store.open(database, collectionName, options);
  return {};
};

const drop: Handler = (command) => {
  const dropped = command.state.databases.drop(command.database, command.collectionName);
  if (!dropped) return {};
  return { nIndexesWas: dropped.definitions.length, ns: dropped.namespace };
};

const dropDatabase: Handler = (command) => {
  const existed = command.state.databases.dropDatabase(command.database);
  return existed ? { dropped: command.database } : {};
};

function describe(name: string, collection: Collection, nameOnly: boolean): View {
  const brief = { name, type: 'collection' };
  if (nameOnly) return brief;
  return {
    ...brief,
    options: collection.options,
    info: { readOnly: false, uuid: collection.uuid },
    idIndex: collection.definitions[0],
  };
}

const listCollections: Handler = (command) => {
  const matches = compileFilter(command.document('filter'));
  const nameOnly = command.options.nameOnly === true;
  const described = [...command.state.databases.collections(command.database)]
    .map(([name, collection]) => describe(name, collection, nameOnly))
    .filter(matches);
  return { cursor: cursorOf(command, '$cmd.listCollections', described) };
};

const listDatabases: Handler = (command) => {
  const { databases: store } = command.state;
  const filter = command.options.filter;
  const matches = compileFilter(isView(filter) ? filter : {});
  const names = store.databaseNames().filter((name) => command.lists(name));
  const all = names.map((name) => describeDatabase(name, store.collections(name)));
  const databases = all.filter(matches);
  const totalSize = databases.reduce((total, { sizeOnDisk }) => total + sizeOnDisk, 0);
  if (command.options.nameOnly === true) {
    return { databases: databases.map(({ name }) => ({ name })) };
  }
  return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 2 ** 20) };
};

function describeDatabase(name: string, collections: Map<string, StoredCollection>) {
  let sizeOnDisk = 0;
  for (const collection of collections.values()) sizeOnDisk += collection.bytes;
  return { name, sizeOnDisk, empty: false };
}

export const collectionCommands: Record<string, Handler> = {
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
};
