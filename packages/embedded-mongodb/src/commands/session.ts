import { UUID } from 'bson';
import type { BsonValue } from '../bson/values.ts';
import type { Command, Handler } from '../command.ts';
import { sessionKey } from '../session-envelope.ts';

/** Returns the keys of the sessions that a command lists. */
function keysOf(command: Command): string[] {
  const ids: BsonValue = command.exact(command.name);
  return (Array.isArray(ids) ? ids : []).flatMap((id) => sessionKey(id) ?? []);
}

function end(command: Command, key: string): void {
  command.state.sessions.end(key);
  command.state.cursors.killOf(key);
}

const startSession: Handler = () => ({ id: { id: new UUID() }, timeoutMinutes: 30 });

const endSessions: Handler = (command) => {
  for (const key of keysOf(command)) end(command, key);
  return {};
};

const killAllSessions: Handler = (command) => {
  command.state.sessions.endAll();
  command.state.cursors.killOf();
  return {};
};

/** Ends all sessions if the list is empty: it means all sessions of the user, and there is only one user. */
const killSessions: Handler = (command) =>
  keysOf(command).length === 0 ? killAllSessions(command) : endSessions(command);

const refreshSessions: Handler = (command) => {
  for (const key of keysOf(command)) command.state.sessions.refresh(key);
  return {};
};

export const sessionCommands: Record<string, Handler> = {
  startSession,
  endSessions,
  killSessions,
  killAllSessions,
  killAllSessionsByPattern: killAllSessions,
  refreshSessions,
};
