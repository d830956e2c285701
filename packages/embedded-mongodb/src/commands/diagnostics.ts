import type { Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';

const version = '7.0.0';

const ping: Handler = () => ({});

const buildInfo: Handler = () => ({
  version,
  gitVersion: 'embedded',
  modules: [],
  versionArray: [7, 0, 0, 0],
  bits: 64,
  debug: false,
  maxBsonObjectSize: 16 * 1024 * 1024,
  storageEngines: ['memory'],
});

const serverStatus: Handler = ({ state }) => {
  const uptime = (Date.now() - state.startedAt.getTime()) / 1000;
  return {
    host: state.address,
    version,
    process: 'mongod',
    pid: process.pid,
    uptime: Math.floor(uptime),
    localTime: new Date(),
    connections: {
      current: state.openConnections,
      available: 65_536 - state.openConnections,
      totalCreated: state.totalConnections,
    },
    metrics: { cursor: { open: { total: state.cursors.size } } },
  };
};

const replSetGetStatus: Handler = ({ state: { replicaSet, address } }) => {
  if (replicaSet === null) throw new MongoCommandError(76, 'not running with --replSet');
  return {
    set: replicaSet,
    date: new Date(),
    myState: 1,
    members: [{ _id: 0, name: address, health: 1, state: 1, stateStr: 'PRIMARY', self: true }],
  };
};

const whatsmyuri: Handler = () => ({ you: '127.0.0.1:0' });

const getLog: Handler = () => ({ totalLinesWritten: 0, log: [] });

const configureFailPoint: Handler = (command) => {
  const name = command.options[command.name];
  if (name !== 'failCommand') {
    throw new MongoCommandError(2, `Fail point not found: ${String(name)}`);
  }
  const count = command.state.failPoint.configure(command.options.mode, command.document('data'));
  return { count };
};

export const diagnosticCommands: Record<string, Handler> = {
  ping,
  buildInfo,
  serverStatus,
  replSetGetStatus,
  whatsmyuri,
  getLog,
  configureFailPoint,
};
