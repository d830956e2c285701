import type { BsonValue } from '../bson/values.ts';
import type { Handler } from '../command.ts';
import { sessionKey } from '../sessions.ts';

const endSessions: Handler = (command) => {
  const ids: BsonValue = command.exact(command.name);
  for (const id of Array.isArray(ids) ? ids : []) {
    const key = sessionKey(id);
    if (key) command.state.sessions.end(key);
  }
  return {};
};

const refreshSessions: Handler = () => ({});

export const sessionCommands: Record<string, Handler> = {
  endSessions,
  killSessions: endSessions,
  refreshSessions,
};
