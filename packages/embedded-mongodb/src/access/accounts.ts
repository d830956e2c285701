import { UUID } from 'bson';
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

/** A user of a database. */
export interface User {
  readonly id: UUID;
  readonly name: string;
  readonly database: string;
  readonly roles: readonly RoleName[];
  readonly credentials: ScramCredentials;
  readonly customData: unknown;
}

/** What is set or changed of a user. */
export interface UserChange {
  readonly password?: string | undefined;
  readonly roles?: readonly RoleName[] | undefined;
  readonly customData?: unknown;
}

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

  find(database: string, name: string): User | undefined {
    return this.#users.get(`${database}.${name}`);
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
    this.existing(database, name);
    this.#users.delete(`${database}.${name}`);
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
    this.#users.set(`${user.database}.${user.name}`, user);
  }
}
