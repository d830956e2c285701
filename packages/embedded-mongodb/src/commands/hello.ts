import { setTimeout as wait } from 'node:timers/promises';
import { ObjectId } from 'bson';
import { compare } from '../bson/compare.ts';
import type { BsonDocument, BsonValue } from '../bson/values.ts';
import { isView, viewOf } from '../bson/values.ts';
import type { Command, Handler } from '../command.ts';
import type { Reply } from '../command-types.ts';
import type { ServerState } from '../state.ts';
import { signInOptions } from './sign-in.ts';

/** The wire versions of MongoDB 7.0. */
const maxWireVersion = 21;
const electionId = new ObjectId('7fffffff0000000000000001');

/**
 * Returns the topology version, by which monitors notice a change. Like every MongoDB since 4.4, the
 * server announces one, so that drivers use the streaming protocol: the monitor's connection waits on a
 * hello, and notices immediately that the server has stopped, rather than at the next poll.
 */
export function topologyVersionOf(state: ServerState): BsonDocument {
  return new Map<string, BsonValue>([
    ['processId', state.processId],
    ['counter', 0n],
  ]);
}

/** Whether a hello waits for a topology change (an awaitable hello). */
export function awaitsChange(command: Command): boolean {
  return command.body.has('maxAwaitTimeMS') && command.body.has('topologyVersion');
}

async function awaitChange(command: Command): Promise<void> {
  if (!awaitsChange(command)) return;
  const current = viewOf(topologyVersionOf(command.state));
  if (compare(command.options.topologyVersion, current) !== 0) return;
  const milliseconds = command.number('maxAwaitTimeMS') ?? 0;
  await wait(milliseconds, undefined, { signal: command.connection.closed });
}

function rememberClient({ options, connection }: Command): void {
  const client = options.client;
  const application = isView(client) ? client.application : undefined;
  const name = isView(application) ? application.name : undefined;
  if (typeof name === 'string') connection.appName = name;
}

function membership({ address, replicaSet }: ServerState): Reply {
  if (replicaSet === null) return {};
  return {
    hosts: [address],
    setName: replicaSet,
    setVersion: 1,
    secondary: false,
    primary: address,
    me: address,
    electionId,
    lastWrite: { lastWriteDate: new Date() },
  };
}

function greeting({ state, connection }: Command): Reply {
  return {
    topologyVersion: topologyVersionOf(state),
    ...membership(state),
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection.id,
    minWireVersion: 0,
    maxWireVersion,
    readOnly: false,
  };
}

/** Describes the server as the primary of a replica set with one member, or as a standalone server. */
const hello: Handler = async (command) => {
  rememberClient(command);
  await awaitChange(command);
  return { isWritablePrimary: true, ...greeting(command), ...(await signInOptions(command)) };
};

const legacyHello: Handler = async (command) => {
  rememberClient(command);
  await awaitChange(command);
  return {
    ...{ helloOk: true, ismaster: true },
    ...greeting(command),
    ...(await signInOptions(command)),
  };
};

export const helloCommands: Record<string, Handler> = {
  hello,
  isMaster: legacyHello,
};
