import { Binary, UUID } from 'bson';
import type { View } from '../bson/values.ts';
import type { RoleName } from './roles.ts';
import type { ScramCredentials } from './scram.ts';

/** A user of a database. */
export interface User {
  readonly id: UUID;
  readonly name: string;
  readonly database: string;
  readonly roles: readonly RoleName[];
  readonly credentials: ScramCredentials;
  readonly customData: unknown;
}

/** Returns a user as a document that can be encoded. */
export function userDocument({ credentials, customData, ...user }: User): object {
  const { salt, iterations, storedKey, serverKey } = credentials;
  return {
    ...user,
    customData,
    credentials: {
      ...{ salt: new Binary(salt), iterations },
      ...{ storedKey: new Binary(storedKey), serverKey: new Binary(serverKey) },
    },
  };
}

const bytesOf = (value: unknown): Buffer => Buffer.from((value as Binary).value());

/** Returns the user of a document that `userDocument` has returned, and that was encoded and decoded since. */
export function userOf(document: View): User {
  const { salt, iterations, storedKey, serverKey } = document.credentials as View;
  return {
    id: new UUID(bytesOf(document.id)),
    name: String(document.name),
    database: String(document.database),
    roles: document.roles as RoleName[],
    customData: document.customData,
    credentials: {
      ...{ salt: bytesOf(salt), iterations: Number(iterations) },
      ...{ storedKey: bytesOf(storedKey), serverKey: bytesOf(serverKey) },
    },
  };
}
