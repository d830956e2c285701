import type { Handler } from '../command.ts';
import type { Reply } from '../command-types.ts';
import type { StoredCollection } from '../storage/stored-collection.ts';

function total(collections: Iterable<StoredCollection>, of: (item: StoredCollection) => number) {
  let sum = 0;
  for (const collection of collections) sum += of(collection);
  return sum;
}

function indexBytes(collection: StoredCollection): number {
  return collection.indexes.reduce((sum, { bytes }) => sum + bytes, 0);
}

const dbStats: Handler = ({ state, database, options }) => {
  const collections = [...state.databases.collections(database).values()];
  const scale = Number(options.scale ?? 1);
  const objects = total(collections, ({ size }) => size);
  const dataSize = total(collections, ({ bytes }) => bytes);
  const indexSize = total(collections, indexBytes);
  return {
    db: database,
    collections: collections.length,
    views: 0,
    objects,
    avgObjSize: objects === 0 ? 0 : dataSize / objects,
    dataSize: dataSize / scale,
    storageSize: dataSize / scale,
    indexes: total(collections, ({ indexes }) => indexes.length),
    indexSize: indexSize / scale,
    totalSize: (dataSize + indexSize) / scale,
    scaleFactor: scale,
    fsUsedSize: 0,
    fsTotalSize: 0,
  };
};

const collStats: Handler = (command) => {
  const { state, database, collectionName, options } = command;
  const scale = Number(options.scale ?? 1);
  const base: Reply = { ns: `${database}.${collectionName}`, scaleFactor: scale, capped: false };
  const collection = state.databases.find(database, collectionName);
  if (!collection) {
    return { ...base, size: 0, count: 0, storageSize: 0, totalIndexSize: 0, nindexes: 0 };
  }
  const { size: count, bytes, indexes } = collection;
  const indexSizes = indexes.map((index) => [index.name, Math.floor(index.bytes / scale)] as const);
  return {
    ...base,
    size: Math.floor(bytes / scale),
    count,
    ...(count > 0 ? { avgObjSize: Math.floor(bytes / count) } : {}),
    storageSize: Math.floor(bytes / scale),
    nindexes: indexes.length,
    totalIndexSize: Math.floor(indexBytes(collection) / scale),
    totalSize: Math.floor((bytes + indexBytes(collection)) / scale),
    indexSizes: Object.fromEntries(indexSizes),
  };
};

export const statisticsCommands: Record<string, Handler> = { dbStats, collStats };
