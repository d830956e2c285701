import { UUID } from 'bson';
import type { BsonValue } from '../bson/values.ts';
import type { Command, Handler } from '../command.ts';
import { isSessionOf, sessionKey } from '../session-envelope.ts';

/** Returns the keys of the sessions that a command lists. */
function keysOf(command: Command): string[] {
  const ids: BsonValue = command.exact(command.name);
  return (Array.isArray(ids) ? ids : []).flatMap((id) => sessionKey(id, command.owner) ?? []);
}

function end(command: Command, key: string): void {
  command.state.sessions.end(key);
  command.state.cursors.killOf(({ session }) => session === key);
}

const startSession: Handler = () => ({ id: { id: new UUID() }, timeoutMinutes: 30 });

const endSessions: Handler = (command) => {
  for (const key of keysOf(command)) end(command, key);
  return {};
};

const killAllSessions: Handler = (command) => {
  command.state.sessions.endAll();
  command.state.cursors.clear();
  return {};
};

/** An empty list means all sessions of the user. */
const killSessions: Handler = (command) => {
  const { state, owner } = command;
  if (keysOf(command).length > 0) return endSessions(command);
  for (const key of state.sessions.keys()) if (isSessionOf(key, owner)) end(command, key);
  state.cursors.killOf(({ user }) => user === owner);
  return {};
};

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
