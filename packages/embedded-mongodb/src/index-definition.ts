import { sortKey } from './bson/sort-key.ts';
import { type BsonDocument, type BsonValue, isView, toView, type View } from './bson/values.ts';
import { MongoCommandError } from './errors.ts';
import { compileFilter } from './query/filter.ts';

/** The options that createIndexes accepts but listIndexes does not return. */
const notStored = new Set(['background', 'ns', 'v']);
const plugins = new Set(['text', 'hashed', '2d', '2dsphere', 'columnstore']);
const knownOptions = new Set([
  ...['v', 'key', 'name', 'ns', 'background', 'unique', 'sparse', 'hidden', 'collation'],
  ...['expireAfterSeconds', 'partialFilterExpression', 'storageEngine', 'prepareUnique'],
  ...['weights', 'default_language', 'language_override', 'textIndexVersion', 'wildcardProjection'],
  ...['2dsphereIndexVersion', 'bits', 'min', 'max', 'dropDups', 'clustered'],
]);
const partialOperators = new Set([
  ...['$eq', '$gt', '$gte', '$lt', '$lte', '$type', '$exists', '$in', '$and', '$or'],
]);
const longestExpiry = 2 ** 31 - 1;

function refuse(message: string, code = 67): never {
  throw new MongoCommandError(code, message);
}

function defaultName(key: BsonDocument): string {
  return [...key].map(([path, kind]) => `${path}_${String(toView(kind))}`).join('_');
}

function checkField(path: string, kind: unknown): void {
  if (path === '') refuse('Index keys cannot be an empty field.');
  if (path !== '$**' && path.split('.').some((part) => part === '')) {
    refuse('Index key contains an empty field name.');
  }
  if (typeof kind === 'string') {
    if (!plugins.has(kind)) refuse(`Unknown index plugin '${kind}'`);
  } else if (typeof kind !== 'number') {
    refuse(
      `Values in v:2 index key pattern cannot be of type ${typeof kind}. Only numbers > 0, numbers < 0, and strings are allowed.`,
    );
  } else if (!(kind > 0 || kind < 0)) {
    refuse('Values in the index key pattern cannot be 0.');
  }
}

function checkPartial(expression: View): void {
  for (const [name, condition] of Object.entries(expression)) {
    if (name.startsWith('$') && !partialOperators.has(name)) {
      refuse(`Expression not supported in partial index: ${name}`);
    }
    const isFalseExists = name === '$exists' && !condition;
    if (isFalseExists) refuse('Expression not supported in partial index: $exists: false');
    for (const part of Array.isArray(condition) ? condition : [condition]) {
      if (isView(part)) checkPartial(part);
    }
  }
}

function checkExpiry(key: BsonDocument, seconds: unknown): void {
  if (seconds === undefined) return;
  if (typeof seconds !== 'number') {
    refuse("TTL index 'expireAfterSeconds' option must be numeric, but received another type");
  }
  if (seconds < 0 || seconds > longestExpiry) {
    refuse(
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a lower number. Specified value: ${seconds}`,
    );
  }
  if (key.size > 1) {
    refuse('TTL indexes are single-field indexes, compound indexes do not support TTL');
  }
  if (key.has('_id')) {
    refuse("The field 'expireAfterSeconds' is not valid for an _id index specification", 197);
  }
}

function checkOptions(spec: BsonDocument, key: BsonDocument): void {
  for (const option of spec.keys()) {
    if (!knownOptions.has(option)) {
      refuse(`The field '${option}' is not valid for an index specification.`, 197);
    }
  }
  const partial = toView(spec.get('partialFilterExpression') ?? null);
  if (partial !== null) {
    if (!isView(partial)) {
      refuse("The field 'partialFilterExpression' must be an object", 14);
    }
    if (spec.get('sparse') === true) {
      refuse('cannot mix "partialFilterExpression" and "sparse" options');
    }
    checkPartial(partial);
    compileFilter(partial);
  }
  const expiry = spec.get('expireAfterSeconds');
  checkExpiry(key, expiry === undefined ? undefined : toView(expiry));
}

/**
 * Returns the stored definition of an index: version, key and name, followed by the options in their order.
 *
 * @param spec the specification that createIndexes received
 * @throws MongoCommandError 67, or MongoDB's more specific code
 */
export function indexDefinition(spec: BsonValue): BsonDocument {
  const key = spec instanceof Map ? spec.get('key') : undefined;
  if (!(spec instanceof Map) || !(key instanceof Map) || key.size === 0) {
    refuse('Index keys cannot be empty.');
  }
  for (const [path, kind] of key) checkField(path, toView(kind));
  checkOptions(spec, key);
  const name = spec.get('name') ?? defaultName(key);
  if (name === '') refuse('index name cannot be empty');
  if (name === '*') refuse("Invalid index name specification '*'. '*' is reserved.", 2);
  const isId = key.size === 1 && toView(key.get('_id') ?? null) === 1;
  if (name === '_id_' && !isId) {
    refuse(
      "The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}",
      2,
    );
  }
  const definition: BsonDocument = new Map<string, BsonValue>([
    ['v', 2],
    ['key', key],
    ['name', name],
  ]);
  for (const [option, value] of spec) {
    if (!definition.has(option) && !notStored.has(option) && value !== false) {
      definition.set(option, value);
    }
  }
  return definition;
}

function same(a: BsonValue, b: BsonValue): boolean {
  return sortKey(toView(a)) === sortKey(toView(b));
}

/** Compares the given options of two indexes. */
const distinguishing = ['key', 'unique', 'sparse', 'partialFilterExpression', 'collation'];

function sameOptions(a: BsonDocument, b: BsonDocument, names: Iterable<string>): boolean {
  for (const name of names) if (!same(a.get(name), b.get(name))) return false;
  return true;
}

/**
 * Whether an identical index already exists.
 *
 * @param known the existing indexes
 * @param wanted the index to create
 * @throws MongoCommandError 85 or 86 if an existing index conflicts with it
 */
export function isKnownIndex(known: readonly BsonDocument[], wanted: BsonDocument): boolean {
  const name = String(wanted.get('name'));
  const all = (other: BsonDocument) =>
    new Set([...wanted.keys(), ...other.keys()].filter((option) => option !== 'name'));
  const [idIndex] = known;
  if (idIndex && same(idIndex.get('key'), wanted.get('key'))) return true;
  const namesake = known.find((other) => other.get('name') === name);
  if (namesake) {
    if (sameOptions(namesake, wanted, all(namesake))) return true;
    if (sameOptions(namesake, wanted, distinguishing)) {
      refuse(
        `An equivalent index already exists with the same name but different options. Requested index: ${name}`,
        85,
      );
    }
    refuse(
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${name}`,
      86,
    );
  }
  const twin = known.find((other) => sameOptions(other, wanted, distinguishing));
  if (!twin) return false;
  const twinName = String(twin.get('name'));
  refuse(
    sameOptions(twin, wanted, all(twin))
      ? `Index already exists with a different name: ${twinName}`
      : `An equivalent index already exists with a different name and options. Requested index: ${name}, existing index: ${twinName}`,
    85,
  );
}
