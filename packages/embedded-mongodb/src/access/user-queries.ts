import { isView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';

/** A user that usersInfo asks for; without a name, every user of a database, or of all. */
export interface UserQuery {
  readonly name?: string;
  readonly database?: string;
}

/** Parses the argument of usersInfo: 1, a name, `{ user, db }`, `{ forAllDBs: true }`, or a list of users. */
export function userQueries(value: unknown, database: string): UserQuery[] {
  if (Array.isArray(value)) return value.flatMap((item) => userQueries(item, database));
  if (typeof value === 'string') return [{ name: value, database }];
  if (typeof value === 'number') return [{ database }];
  const { user, db, forAllDBs }: View = isView(value) ? value : {};
  if (forAllDBs === true) return [{}];
  if (typeof user === 'string' && typeof db === 'string') return [{ name: user, database: db }];
  throw new MongoCommandError(
    2,
    'usersInfo expects 1, a name, { user, db } or { forAllDBs: true }',
  );
}
