import { Binary } from 'bson';
import type { BsonDocument, BsonValue } from '../bson/values.ts';
import type { Command, Handler } from '../command.ts';
import type { Reply } from '../command-types.ts';
import { authenticationFailed, MongoCommandError } from '../errors.ts';

const mechanism = 'SCRAM-SHA-256';
/** A connection has one conversation at a time, whose number is always the same. */
const conversationId = 1;

function textOf(payload: BsonValue): string {
  if (payload instanceof Binary) return Buffer.from(payload.value()).toString();
  if (typeof payload === 'string') return Buffer.from(payload, 'base64').toString();
  throw new MongoCommandError(14, "BSON field 'payload' must be binary data or a string");
}

function reply(done: boolean, payload: string): Reply {
  return { conversationId, done, payload: new Binary(Buffer.from(payload)) };
}

/** Starts a conversation, which replaces an earlier one of the connection. */
async function start({ state, connection }: Command, request: BsonDocument, database: string) {
  connection.conversation = undefined;
  const accounts = await state.accounts();
  const { first, exchange } = accounts.startSignIn(database, textOf(request.get('payload')));
  const options = request.get('options');
  const isShort = options instanceof Map && options.get('skipEmptyExchange') === true;
  const user = { name: first.user, database };
  connection.conversation = { user, exchange, isShort, isProven: false };
  return reply(false, exchange.challenge);
}

const saslStart: Handler = (command) => {
  const asked = command.exact('mechanism');
  if (asked !== mechanism) {
    throw new MongoCommandError(
      334,
      `Received authentication for mechanism ${String(asked)} which is unknown or not enabled`,
    );
  }
  return start(command, command.body, command.database);
};

/**
 * Adds to the reply to a hello what a driver needs to sign in: the mechanisms of a user, and the server's first message
 * if the hello contains the client's. Like every later failure, a malformed message is reported by saslStart.
 */
export async function signInOptions(command: Command): Promise<Reply> {
  const request = command.exact('speculativeAuthenticate');
  const mechanisms = command.body.has('saslSupportedMechs')
    ? { saslSupportedMechs: [mechanism] }
    : {};
  if (!(request instanceof Map) || request.get('mechanism') !== mechanism) return mechanisms;
  const database = request.get('db');
  try {
    const named = typeof database === 'string' ? database : command.database;
    return { ...mechanisms, speculativeAuthenticate: await start(command, request, named) };
  } catch (error) {
    if (error instanceof MongoCommandError) return mechanisms;
    throw error;
  }
}

const saslContinue: Handler = ({ connection, options, body }) => {
  const { conversation } = connection;
  if (!conversation) throw new MongoCommandError(17, 'No SASL session state found');
  if (Number(options.conversationId) !== conversationId) {
    throw new MongoCommandError(17, 'sasl: Mismatched conversation id');
  }
  connection.conversation = undefined;
  const message = textOf(body.get('payload'));
  if (conversation.isProven) {
    if (message !== '') throw authenticationFailed();
    connection.user = conversation.user;
    return reply(true, '');
  }
  const final = conversation.exchange.finish(message);
  if (conversation.isShort) connection.user = conversation.user;
  else connection.conversation = { ...conversation, isProven: true };
  return reply(conversation.isShort, final);
};

const logout: Handler = ({ connection }) => {
  connection.user = undefined;
  return {};
};

const connectionStatus: Handler = async ({ state, connection }) => {
  const { user } = connection;
  const known = user && (await state.accounts()).find(user.database, user.name);
  return {
    authInfo: {
      authenticatedUsers: known ? [{ user: known.name, db: known.database }] : [],
      authenticatedUserRoles: known ? known.roles : [],
    },
  };
};

export const signInCommands: Record<string, Handler> = {
  saslStart,
  saslContinue,
  logout,
  connectionStatus,
};
