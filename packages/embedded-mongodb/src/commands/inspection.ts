import { arch, cpus, hostname, platform, release, totalmem, type } from 'node:os';
import type { Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';

/** Commands that tools use to inspect a server: its host and its current operations. */

const hostInfo: Handler = () => ({
  system: {
    currentTime: new Date(),
    hostname: hostname(),
    cpuAddrSize: 64,
    memSizeMB: Math.floor(totalmem() / 2 ** 20),
    numCores: cpus().length,
    cpuArch: arch(),
    numaEnabled: false,
  },
  os: { type: type(), name: platform(), version: release() },
  extra: {},
});

const getCmdLineOpts: Handler = ({ state }) => ({
  argv: ['embedded-mongodb'],
  parsed: {
    net: { port: state.port },
    ...(state.replicaSet === null ? {} : { replication: { replSet: state.replicaSet } }),
  },
});

const currentOp: Handler = () => ({ inprog: [] });

const top: Handler = ({ state }) => {
  const totals: Record<string, unknown> = { note: 'all times in microseconds' };
  const { databases } = state;
  for (const database of databases.databaseNames()) {
    for (const { namespace } of databases.collections(database).values()) {
      totals[namespace] = { total: { time: 0, count: 0 } };
    }
  }
  return { totals };
};

const validate: Handler = ({ store, database, collectionName }) => {
  const collection = store.find(database, collectionName);
  if (!collection) {
    throw new MongoCommandError(
      26,
      `Collection '${database}.${collectionName}' does not exist to validate.`,
    );
  }
  const indexes = collection.definitions.map((definition) => String(definition.get('name')));
  return {
    ns: collection.namespace,
    nInvalidDocuments: 0,
    nrecords: collection.size,
    nIndexes: indexes.length,
    keysPerIndex: Object.fromEntries(indexes.map((name) => [name, collection.size])),
    indexDetails: Object.fromEntries(indexes.map((name) => [name, { valid: true }])),
    valid: true,
    warnings: [],
    errors: [],
  };
};

export const inspectionCommands: Record<string, Handler> = {
  hostInfo,
  getCmdLineOpts,
  currentOp,
  top,
  validate,
};
