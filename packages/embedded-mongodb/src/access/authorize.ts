import { shellText } from '../bson/shell.ts';
import type { Command } from '../command.ts';
import { MongoCommandError } from '../errors.ts';
import type { Accounts } from './accounts.ts';
import { type Request, requirements } from './requirements.ts';
import { allows, allowsAnythingOn } from './roles.ts';
import type { User } from './user.ts';

/** Drivers differ in the case of the commands' names. */
const byLowerCase = new Map(
  Object.entries(requirements).map(([name, requirement]) => [name.toLowerCase(), requirement]),
);

function requestOf(command: Command, user: User): Request {
  const { name, database, options, owner } = command;
  return {
    name,
    database,
    options,
    user,
    updates: () => command.exactBatch('updates'),
    hasForeignCursor() {
      const ids = Array.isArray(options.cursors) ? options.cursors : [];
      const numbers = ids.filter((id) => typeof id === 'number' || typeof id === 'bigint');
      return numbers.some((id) => command.state.cursors.isForeign(BigInt(id), owner));
    },
  };
}

/** Fields that drivers add to every command. */
const envelope = /^(?:lsid|txnNumber|autocommit|startTransaction|\$.*)$/;

/** Describes a command by its collection and the names of its fields: their values may be secrets. */
function outline({ name, body }: Command): string {
  const fields = [...body.keys()].filter((key) => key !== name && !envelope.test(key));
  const subject = body.get(name);
  const first = typeof subject === 'string' ? shellText(subject) : '###';
  return `{ ${[`${name}: ${first}`, ...fields.map((key) => `${key}: ###`)].join(', ')} }`;
}

/**
 * Checks whether the user of a connection may run a command.
 *
 * @throws MongoCommandError 13 without a sign-in, or if the user's roles do not allow the command
 */
export function authorize(command: Command, accounts: Accounts): void {
  const requirement = byLowerCase.get(command.name.toLowerCase());
  if (requirement === 'nothing') return;
  const { user: signedIn } = command.connection;
  const user = signedIn && accounts.find(signedIn.database, signedIn.name);
  if (!user) {
    throw new MongoCommandError(13, `Command ${command.name} requires authentication`);
  }
  const { roles } = user;
  const mayListAll = allows(roles, { action: 'listDatabases' });
  command.lists = (database) =>
    (mayListAll && command.options.authorizedDatabases !== true) ||
    allowsAnythingOn(roles, database);
  if (requirement === 'sign-in') return;
  const isAllowed = requirement?.(requestOf(command, user)).every((need) => allows(roles, need));
  if (isAllowed) return;
  throw new MongoCommandError(
    13,
    `not authorized on ${command.database} to execute command ${outline(command)}`,
  );
}
