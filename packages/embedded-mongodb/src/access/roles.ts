import { isView } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';

/** A role on a database, e.g. `readWrite` on `shop`. */
export interface RoleName {
  readonly role: string;
  readonly db: string;
}

const reading = ['find', 'listCollections', 'listIndexes', 'collStats', 'dbStats'] as const;
const writing = [
  'insert',
  'update',
  'remove',
  'createCollection',
  'dropCollection',
  'createIndex',
  'dropIndex',
  'renameCollectionSameDB',
] as const;
const administering = [
  'bypassDocumentValidation',
  'collMod',
  'collStats',
  'createCollection',
  'createIndex',
  'dbStats',
  'dropCollection',
  'dropDatabase',
  'dropIndex',
  'listCollections',
  'listIndexes',
  'renameCollectionSameDB',
  'validate',
] as const;
const managingUsers = [
  'changePassword',
  'createUser',
  'dropUser',
  'grantRole',
  'revokeRole',
  'viewRole',
  'viewUser',
] as const;
const monitoring = [
  'getCmdLineOpts',
  'getLog',
  'getParameter',
  'hostInfo',
  'inprog',
  'listDatabases',
  'replSetGetStatus',
  'serverStatus',
  'top',
] as const;

type OnDatabase =
  | (typeof reading)[number]
  | (typeof writing)[number]
  | (typeof administering)[number]
  | (typeof managingUsers)[number]
  | 'killAnyCursor';
type OnCluster = (typeof monitoring)[number] | 'setParameter' | 'killAnySession';

/** Something that a command does: on a database, or on the whole server. */
export type Need =
  | { readonly action: OnDatabase; readonly database: string }
  | { readonly action: OnCluster };

interface Role {
  /** What it allows on its own database. */
  readonly own?: readonly OnDatabase[];
  /** What it allows on every database except `local` and `config`. Such a role exists only on `admin`. */
  readonly any?: readonly OnDatabase[];
  /** What it allows on the whole server. */
  readonly cluster?: readonly OnCluster[];
}

const listing = ['listDatabases'] as const;

/** MongoDB's built-in roles, with the actions that this server has. */
const roles: Readonly<Record<string, Role>> = {
  read: { own: reading },
  readWrite: { own: [...reading, ...writing] },
  dbAdmin: { own: administering },
  userAdmin: { own: managingUsers },
  dbOwner: { own: [...reading, ...writing, ...administering, ...managingUsers] },
  readAnyDatabase: { any: reading, cluster: listing },
  readWriteAnyDatabase: { any: [...reading, ...writing], cluster: listing },
  dbAdminAnyDatabase: { any: administering, cluster: listing },
  userAdminAnyDatabase: { any: managingUsers, cluster: listing },
  clusterMonitor: { any: ['collStats', 'dbStats'], cluster: monitoring },
};

/** The role that allows everything. */
const superuser = 'root';

/** The names of the roles that exist on a database. */
export function rolesOn(database: string): string[] {
  const names = Object.keys(roles).filter((name) => database === 'admin' || roles[name]?.own);
  return database === 'admin' ? [...names, superuser] : names;
}

function allowsAlone({ role, db }: RoleName, need: Need): boolean {
  if (role === superuser) return true;
  const { own = [], any = [], cluster = [] } = roles[role] ?? {};
  if (!('database' in need)) return cluster.includes(need.action);
  const { action, database } = need;
  if (database === db && own.includes(action)) return true;
  return database !== 'local' && database !== 'config' && any.includes(action);
}

/** Whether one of a user's roles allows something. */
export function allows(granted: readonly RoleName[], need: Need): boolean {
  return granted.some((role) => allowsAlone(role, need));
}

/** Whether a user's roles allow anything on a database. */
export function allowsAnythingOn(granted: readonly RoleName[], database: string): boolean {
  return granted.some(({ role, db }) => {
    if (role === superuser) return true;
    const isOwn = db === database && roles[role]?.own !== undefined;
    return isOwn || (database !== 'local' && database !== 'config' && Boolean(roles[role]?.any));
  });
}

/** Parses the roles of a command: names of roles on its own database, and documents with another one. */
export function rolesIn(value: unknown, database: string): RoleName[] {
  if (!Array.isArray(value)) {
    throw new MongoCommandError(14, "BSON field 'roles' must be an array");
  }
  return value.map((item: unknown) => {
    if (typeof item === 'string') return { role: item, db: database };
    if (isView(item) && typeof item.role === 'string' && typeof item.db === 'string') {
      return { role: item.role, db: item.db };
    }
    throw new MongoCommandError(2, 'Role names must be either strings or objects');
  });
}
