import { type BsonDocument, isView, type View } from '../bson/values.ts';
import { pipelineNeeds } from './pipeline-needs.ts';
import { type Need, type RoleName, rolesIn } from './roles.ts';
import { userQueries } from './user-queries.ts';

/** A command, as far as it decides what its user must be allowed to do. */
export interface Request {
  readonly name: string;
  readonly database: string;
  readonly options: View;
  /** The user, as `database.name`. */
  readonly user: { readonly name: string; readonly database: string };
  /** The statements of an update. */
  updates(): BsonDocument[];
  /** Whether any of the cursors that the command lists belongs to another user. */
  hasForeignCursor(): boolean;
}

/**
 * What a command requires: nothing, only a sign-in, or what its user must be allowed to do.
 */
export type Requirement = 'nothing' | 'sign-in' | ((request: Request) => Need[]);

type Action<Kind> = Extract<Need, Kind>['action'];

/** On the database that the command names. */
function here(...actions: Action<{ database: string }>[]): Requirement {
  return ({ database }) => actions.map((action) => ({ action, database }));
}

function onCluster(action: Action<Need>): Requirement {
  return () => [{ action } as Need];
}

function bypass({ options, database }: Request): Need[] {
  if (options.bypassDocumentValidation !== true) return [];
  return [{ action: 'bypassDocumentValidation', database }];
}

function update(request: Request): Need[] {
  const { database } = request;
  const inserts = request.updates().some((statement) => statement.get('upsert') === true);
  return [
    { action: 'update', database },
    ...(inserts ? [{ action: 'insert', database } as const] : []),
    ...bypass(request),
  ];
}

function findAndModify(request: Request): Need[] {
  const { database, options } = request;
  return [
    { action: 'find', database },
    { action: options.remove === true ? 'remove' : 'update', database },
    ...(options.upsert === true ? [{ action: 'insert', database } as const] : []),
    ...bypass(request),
  ];
}

/** An aggregation on a database, and not on a collection, begins with documents of its own. */
function aggregate(request: Request): Need[] {
  const { database, options, name } = request;
  const isOnDatabase = typeof options[name] === 'number';
  return [
    ...(isOnDatabase ? [] : [{ action: 'find', database } as const]),
    ...pipelineNeeds(options.pipeline, database),
    ...bypass(request),
  ];
}

function renameCollection({ options, name }: Request): Need[] {
  const [from, to] = [options[name], options.to].map((value) => String(value).split('.')[0] ?? '');
  if (from === undefined || to === undefined) return [];
  const replaces = options.dropTarget === true;
  const dropped = replaces ? [{ action: 'dropCollection', database: to } as const] : [];
  if (from === to) return [{ action: 'renameCollectionSameDB', database: from }, ...dropped];
  return [
    { action: 'find', database: from },
    { action: 'dropCollection', database: from },
    { action: 'insert', database: to },
    { action: 'createIndex', database: to },
    ...dropped,
  ];
}

function listDatabases({ options }: Request): Need[] {
  return options.authorizedDatabases === false ? [{ action: 'listDatabases' }] : [];
}

/** Roles are granted on the database to which they belong. */
function granting(action: 'grantRole' | 'revokeRole', roles: readonly RoleName[]): Need[] {
  return roles.map(({ db }) => ({ action, database: db }));
}

function createUser({ database, options }: Request): Need[] {
  const roles = rolesIn(options.roles, database);
  return [{ action: 'createUser', database }, ...granting('grantRole', roles)];
}

function updateUser({ database, options }: Request): Need[] {
  const roles = options.roles === undefined ? [] : rolesIn(options.roles, database);
  return [
    { action: 'changePassword', database },
    ...(options.roles === undefined ? [] : [{ action: 'revokeRole', database } as const]),
    ...granting('grantRole', roles),
  ];
}

/** A user may read its own record. */
function usersInfo({ database, options, name, user }: Request): Need[] {
  return userQueries(options[name], database)
    .filter((query) => query.name !== user.name || query.database !== user.database)
    .map((query) => ({ action: 'viewUser', database: query.database ?? 'admin' }));
}

function explain(request: Request): Need[] {
  const inner = request.options[request.name];
  const [name = ''] = isView(inner) ? Object.keys(inner) : [];
  if (!isView(inner) || name === 'explain' || !Object.hasOwn(requirements, name)) return [];
  const requirement = requirements[name];
  return typeof requirement === 'function' ? requirement({ ...request, name, options: inner }) : [];
}

/**
 * What each command requires of its user. A command that is not listed here is refused on a server that requires a
 * sign-in.
 */
export const requirements: Readonly<Record<string, Requirement>> = {
  hello: 'nothing',
  isMaster: 'nothing',
  ping: 'nothing',
  buildInfo: 'nothing',
  connectionStatus: 'nothing',
  whatsmyuri: 'nothing',
  saslStart: 'nothing',
  saslContinue: 'nothing',
  logout: 'nothing',

  listCommands: 'sign-in',
  startSession: 'sign-in',
  refreshSessions: 'sign-in',
  endSessions: 'sign-in',
  killSessions: 'sign-in',
  commitTransaction: 'sign-in',
  abortTransaction: 'sign-in',
  // Whether the cursor belongs to its user is checked with the cursor.
  getMore: 'sign-in',
  // It exists only for tests, and MongoDB requires no privilege for it.
  configureFailPoint: 'sign-in',

  find: here('find'),
  count: here('find'),
  distinct: here('find'),
  aggregate,
  explain,
  insert: (request) => [{ action: 'insert', database: request.database }, ...bypass(request)],
  update,
  delete: here('remove'),
  findAndModify,
  killCursors: (request) =>
    request.hasForeignCursor() ? [{ action: 'killAnyCursor', database: request.database }] : [],

  create: here('createCollection'),
  drop: here('dropCollection'),
  collMod: here('collMod'),
  renameCollection,
  createIndexes: here('createIndex'),
  listIndexes: here('listIndexes'),
  dropIndexes: here('dropIndex'),
  listCollections: here('listCollections'),
  listDatabases,
  dropDatabase: here('dropDatabase'),
  validate: here('validate'),
  dbStats: here('dbStats'),
  collStats: here('collStats'),

  createUser,
  updateUser,
  dropUser: here('dropUser'),
  grantRolesToUser: ({ database, options }) =>
    granting('grantRole', rolesIn(options.roles, database)),
  revokeRolesFromUser: ({ database, options }) =>
    granting('revokeRole', rolesIn(options.roles, database)),
  usersInfo,
  rolesInfo: here('viewRole'),

  serverStatus: onCluster('serverStatus'),
  replSetGetStatus: onCluster('replSetGetStatus'),
  getLog: onCluster('getLog'),
  hostInfo: onCluster('hostInfo'),
  getCmdLineOpts: onCluster('getCmdLineOpts'),
  currentOp: onCluster('inprog'),
  top: onCluster('top'),
  getParameter: onCluster('getParameter'),
  setParameter: onCluster('setParameter'),
  killAllSessions: onCluster('killAnySession'),
  killAllSessionsByPattern: onCluster('killAnySession'),
};
