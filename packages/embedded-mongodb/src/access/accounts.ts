import { UUID } from 'bson';
import type { View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { type RoleName, rolesOn } from './roles.ts';
import {
  type ClientFirst,
  credentialsOf,
  decoyCredentials,
  parseClientFirst,
  type ScramCredentials,
  ScramExchange,
} from './scram.ts';
import { type User, userDocument, userOf } from './user.ts';

/** What is set or changed of a user. */
export interface UserChange {
  readonly password?: string | undefined;
  readonly roles?: readonly RoleName[] | undefined;
  readonly customData?: unknown;
}

const keyOf = ({ database, name }: Pick<User, 'database' | 'name'>) => `${database}.${name}`;

async function credentialsFor(password: string): Promise<ScramCredentials> {
  if (password === '') throw new MongoCommandError(50687, 'Password cannot be empty');
  try {
    return await credentialsOf(password);
  } catch (error) {
    throw new MongoCommandError(50692, `Error preflighting normalization: ${String(error)}`);
  }
}

/** @throws MongoCommandError 31 for a role that does not exist */
function checkRoles(roles: readonly RoleName[]): void {
  for (const { role, db } of roles) {
    if (rolesOn(db).includes(role)) continue;
    throw new MongoCommandError(31, `Could not find role: ${role}@${db}`);
  }
}

function withoutDuplicates(roles: readonly RoleName[]): RoleName[] {
  return [...new Map(roles.map((role) => [`${role.db}.${role.role}`, role])).values()];
}

/** The users of a server. */
export class Accounts {
  readonly #users = new Map<string, User>();
  readonly #onChange: (users: object[]) => void;

  /**
   * @param stored the users of an earlier run, as `onChange` received them, decoded
   * @param onChange receives all users after each change, as documents that can be encoded
   */
  constructor(stored: readonly View[], onChange: (users: object[]) => void) {
    for (const document of stored) {
      const user = userOf(document);
      this.#users.set(keyOf(user), user);
    }
    this.#onChange = onChange;
  }

  find(database: string, name: string): User | undefined {
    return this.#users.get(keyOf({ database, name }));
  }

  all(): User[] {
    return [...this.#users.values()];
  }

  /** @throws MongoCommandError 51003 for a user that exists, 31 for a role that does not */
  async create(
    database: string,
    name: string,
    { password = '', roles = [], customData }: UserChange,
  ): Promise<void> {
    checkRoles(roles);
    const credentials = await credentialsFor(password);
    if (this.find(database, name)) {
      throw new MongoCommandError(51003, `User "${name}@${database}" already exists`);
    }
    const id = new UUID();
    this.#keep({
      ...{ id, name, database, credentials, customData },
      roles: withoutDuplicates(roles),
    });
  }

  /** @throws MongoCommandError 11 for an unknown user, 31 for an unknown role */
  async update(database: string, name: string, change: UserChange): Promise<void> {
    const { password, roles, customData } = change;
    this.existing(database, name);
    if (roles) checkRoles(roles);
    const credentials = password === undefined ? undefined : await credentialsFor(password);
    this.#keep({
      ...this.existing(database, name),
      ...(credentials && { credentials }),
      ...(roles && { roles: withoutDuplicates(roles) }),
      ...(customData !== undefined && { customData }),
    });
  }

  /** @throws MongoCommandError 11 for an unknown user */
  drop(database: string, name: string): void {
    this.#users.delete(keyOf(this.existing(database, name)));
    this.#onChange(this.all().map(userDocument));
  }

  /** @throws MongoCommandError 11 for an unknown user */
  existing(database: string, name: string): User {
    const user = this.find(database, name);
    if (user) return user;
    throw new MongoCommandError(11, `User '${name}@${database}' not found`);
  }

  /**
   * Starts a sign-in with SCRAM-SHA-256. An unknown user fails only at the end, as a wrong password does.
   *
   * @param message the client's first message
   * @throws MongoCommandError 18 for a malformed message
   */
  startSignIn(database: string, message: string): { first: ClientFirst; exchange: ScramExchange } {
    const first = parseClientFirst(message);
    const known = this.find(database, first.user)?.credentials;
    const credentials = known ?? decoyCredentials(`${database}.${first.user}`);
    return { first, exchange: new ScramExchange(first, credentials) };
  }

  #keep(user: User): void {
    this.#users.set(keyOf(user), user);
    this.#onChange(this.all().map(userDocument));
  }
}
