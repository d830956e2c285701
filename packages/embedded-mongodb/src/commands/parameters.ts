import type { Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';

/** The read-only parameters. */
const fixed: Record<string, unknown> = {
  featureCompatibilityVersion: { version: '7.0' },
  enableTestCommands: true,
  authenticationMechanisms: ['SCRAM-SHA-256'],
};

const getParameter: Handler = ({ options, name, state }) => {
  const all: Record<string, unknown> = { ...fixed, ...state.parameters.settings };
  if (options[name] === '*') return all;
  const asked = Object.keys(all).filter((parameter) => parameter in options);
  if (asked.length === 0) throw new MongoCommandError(72, 'no option found to get');
  return Object.fromEntries(asked.map((parameter) => [parameter, all[parameter]]));
};

/** Generic command fields, which are not parameters. */
const envelope = new Set(['lsid', 'comment', 'maxTimeMS', 'writeConcern', 'readConcern']);

const setParameter: Handler = ({ options, name, state }) => {
  const changes = Object.entries(options).filter(
    ([key]) => key !== name && !envelope.has(key) && !key.startsWith('$') && !key.startsWith('api'),
  );
  if (changes.length === 0) throw new MongoCommandError(72, 'no option found to set');
  let was: unknown;
  for (const [key, value] of changes) was = state.parameters.set(key, value);
  return { was };
};

export const parameterCommands: Record<string, Handler> = { getParameter, setParameter };
