import { type RoleName, rolesIn } from '../access/roles.ts';
import { userQueries } from '../access/user-queries.ts';
import type { Command, Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';

function userName(command: Command): string {
  const name = command.options[command.name];
  if (typeof name === 'string' && name !== '') return name;
  throw new MongoCommandError(2, 'User name must be a non-empty string');
}

function optionalRoles({ options, database }: Command): RoleName[] | undefined {
  return options.roles === undefined ? undefined : rolesIn(options.roles, database);
}

/** @throws MongoCommandError 2 for a mechanism that this server does not support */
function checkMechanisms({ options }: Command): void {
  const { mechanisms } = options;
  if (mechanisms === undefined) return;
  if (Array.isArray(mechanisms) && mechanisms.includes('SCRAM-SHA-256')) return;
  throw new MongoCommandError(2, 'The embedded MongoDB has no mechanism but SCRAM-SHA-256');
}

function optionalPassword({ options }: Command): string | undefined {
  const { pwd } = options;
  if (pwd === undefined || typeof pwd === 'string') return pwd;
  throw new MongoCommandError(14, "BSON field 'pwd' must be a string");
}

const createUser: Handler = async (command) => {
  const { state, database, options } = command;
  const [name, password] = [userName(command), optionalPassword(command)];
  if (password === undefined) {
    throw new MongoCommandError(2, "Must provide a 'pwd' field for all user documents");
  }
  const roles = rolesIn(options.roles, database);
  checkMechanisms(command);
  const accounts = await state.accounts();
  await accounts.create(database, name, { password, roles, customData: options.customData });
  return {};
};

const updateUser: Handler = async (command) => {
  const { state, database, options } = command;
  const [password, roles] = [optionalPassword(command), optionalRoles(command)];
  checkMechanisms(command);
  const { customData } = options;
  if (password === undefined && roles === undefined && customData === undefined) {
    throw new MongoCommandError(2, 'Must specify at least one field to update in updateUser');
  }
  const accounts = await state.accounts();
  await accounts.update(database, userName(command), { password, roles, customData });
  return {};
};

const dropUser: Handler = async (command) => {
  (await command.state.accounts()).drop(command.database, userName(command));
  return {};
};

const grantRolesToUser: Handler = async (command) => {
  const { state, database, options } = command;
  const accounts = await state.accounts();
  const { roles } = accounts.existing(database, userName(command));
  const granted = [...roles, ...rolesIn(options.roles, database)];
  await accounts.update(database, userName(command), { roles: granted });
  return {};
};

const revokeRolesFromUser: Handler = async (command) => {
  const { state, database, options } = command;
  const accounts = await state.accounts();
  const revoked = rolesIn(options.roles, database);
  const { roles } = accounts.existing(database, userName(command));
  const left = roles.filter(
    ({ role, db }) => !revoked.some((other) => other.role === role && other.db === db),
  );
  await accounts.update(database, userName(command), { roles: left });
  return {};
};

const usersInfo: Handler = async ({ state, options, name, database }) => {
  const queries = userQueries(options[name], database);
  const asked = (await state.accounts())
    .all()
    .filter((user) =>
      queries.some(
        (query) =>
          (query.name ?? user.name) === user.name &&
          (query.database ?? user.database) === user.database,
      ),
    );
  return {
    users: asked.map(({ id, name: user, database: db, roles, customData }) => ({
      ...{ _id: `${db}.${user}`, userId: id, user, db, roles },
      ...(customData === undefined ? {} : { customData }),
      mechanisms: ['SCRAM-SHA-256'],
    })),
  };
};

const rolesInfo: Handler = () => ({ roles: [] });

export const userCommands: Record<string, Handler> = {
  createUser,
  updateUser,
  dropUser,
  grantRolesToUser,
  revokeRolesFromUser,
  usersInfo,
  rolesInfo,
};
