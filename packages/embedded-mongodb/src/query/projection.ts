import { Aggregator } from 'mingo/aggregator';
import { Query } from 'mingo/query';
import { type BsonDocument, type BsonValue, isView, type View } from '../bson/values.ts';
import { write } from '../bson/write.ts';
import { MongoCommandError } from '../errors.ts';
import type { StoredDocument } from '../storage/document.ts';
import { idFirst } from './aggregate.ts';
import { engineOptions } from './engine.ts';
import { applySlices, splitSlices } from './slices.ts';

type Project = (document: StoredDocument) => Buffer;
type Reshape = (document: BsonDocument) => BsonDocument;

/** The paths of a projection as a tree; `true` ends a path. */
type Tree = Map<string, Tree | true>;

function flag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) !== 0 : undefined;
}

function add(tree: Tree, path: string, value: unknown): boolean {
  if (isView(value)) {
    const parts = Object.entries(value);
    return parts.length > 0 && parts.every(([name, item]) => add(tree, `${path}.${name}`, item));
  }
  if (flag(value) === undefined || path.split('.').some((part) => part.startsWith('$'))) {
    return false;
  }
  let node = tree;
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  for (const part of parts) {
    const next = node.get(part);
    const branch: Tree = next instanceof Map ? next : new Map();
    node.set(part, branch);
    node = branch;
  }
  node.set(last, true);
  return true;
}

function include(document: BsonDocument, tree: Tree): BsonDocument {
  const kept: BsonDocument = new Map();
  for (const [key, value] of document) {
    const branch = tree.get(key);
    if (branch === true) kept.set(key, value);
    else if (branch) {
      const inner = includeIn(value, branch);
      if (inner !== undefined) kept.set(key, inner);
    }
  }
  return kept;
}

function includeIn(value: BsonValue, tree: Tree): BsonValue {
  if (value instanceof Map) return include(value, tree);
  if (!Array.isArray(value)) return undefined;
  return value.map((item) => includeIn(item, tree)).filter((item) => item !== undefined);
}

function exclude(value: BsonValue, tree: Tree): BsonValue {
  if (Array.isArray(value)) return value.map((item) => exclude(item, tree));
  if (!(value instanceof Map)) return value;
  const kept: BsonDocument = new Map();
  for (const [key, item] of value) {
    const branch = tree.get(key);
    if (branch !== true) kept.set(key, branch ? exclude(item, branch) : item);
  }
  return kept;
}

function refuseCollisions(spec: View): void {
  const paths = Object.keys(spec);
  for (const path of paths) {
    const within = paths.find((other) => path.startsWith(`${other}.`));
    if (within) throw new MongoCommandError(31249, `Path collision at ${path} remaining portion`);
  }
}

/** A projection of plain paths works on exact values, and so changes neither type nor order. */
function plainPaths(spec: View): Reshape | undefined {
  const { _id: id, ...rest } = spec;
  const flags = Object.values(leaves(rest)).map(flag);
  const including =
    flags.find((item) => item !== undefined) ??
    (flags.length > 0 ? undefined : (flag(id) ?? false));
  refuseCollisions(spec);
  if (flags.some((item) => item !== undefined && item !== including)) {
    throw new MongoCommandError(31254, 'Cannot do exclusion and inclusion in one projection');
  }
  const tree: Tree = new Map();
  if (!Object.entries(rest).every(([path, value]) => add(tree, path, value))) return undefined;
  if (id !== undefined && flag(id) === undefined) return undefined;
  if (including) {
    if (flag(id) !== false) tree.set('_id', true);
    return (document) => include(document, tree);
  }
  if (flag(id) === false) tree.set('_id', true);
  return (document) => exclude(document, tree) as BsonDocument;
}

function leaves(spec: View, prefix = ''): View {
  const found: View = {};
  for (const [key, value] of Object.entries(spec)) {
    if (isView(value) && !Object.keys(value).some((name) => name.startsWith('$'))) {
      Object.assign(found, leaves(value, `${prefix}${key}.`));
    } else {
      found[prefix + key] = value;
    }
  }
  return found;
}

/**
 * Compiles the projection of a find or a findAndModify.
 *
 * @param spec the projection's plain view; absent or empty for the whole document
 * @param filter the query, which a positional projection refers to
 * @returns what turns a stored document into the bytes to send
 * @throws MongoCommandError 31254 for inclusion and exclusion in one
 */
export function compileProjection(spec: unknown, filter: View): Project {
  if (!isView(spec) || Object.keys(spec).length === 0) return ({ bytes }) => bytes;
  const { slices, rest } = splitSlices(spec);
  const plain = plainPaths(rest);
  if (plain) return (document) => write(plain(applySlices(document.exact(), slices)));
  const options = engineOptions();
  const positional = Object.keys(spec).some((path) => path.endsWith('.$'));
  if (positional) {
    const query = new Query(filter, options);
    return ({ view }) => write(idFirst(query.find<View>([view], spec).all()[0] ?? view));
  }
  const aggregator = new Aggregator([{ $project: spec }], options);
  return ({ view }) => write(idFirst(aggregator.run<View>([view])[0] ?? view));
}
