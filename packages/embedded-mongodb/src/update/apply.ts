import { Aggregator } from 'mingo/aggregator';
import { readExact } from '../bson/read.ts';
import { shellText } from '../bson/shell.ts';
import { sortKey } from '../bson/sort-key.ts';
import {
  type BsonDocument,
  type BsonValue,
  copyOf,
  copyOfView,
  toTyped,
  toView,
  typedOf,
  type View,
} from '../bson/values.ts';
import { write } from '../bson/write.ts';
import { MongoCommandError } from '../errors.ts';
import { engineOptions } from '../query/engine.ts';
import { typeName } from '../query/types.ts';
import { arrayOperators } from './array-operators.ts';
import { fieldOperators } from './field-operators.ts';
import { expandPath, type Positions } from './paths.ts';
import { compilePositions } from './positions.ts';

/** Applies an update to an exact document. `inserting` enables $setOnInsert. */
export type Update = (document: BsonDocument, inserting: boolean) => BsonDocument;

interface Change {
  readonly path: string;
  readonly operator: string;
  readonly argument: BsonValue;
}

const operators = { ...fieldOperators, ...arrayOperators };

function changesOf(modifier: BsonDocument): Change[] {
  const changes: Change[] = [];
  for (const [operator, fields] of modifier) {
    if (!Object.hasOwn(operators, operator)) {
      throw new MongoCommandError(
        9,
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!(fields instanceof Map)) {
      throw new MongoCommandError(
        9,
        `Modifiers operate on fields but we found another type instead. For example: {$mod: {<field>: ...}} not {${operator}: ${shellText(toView(fields))}}`,
      );
    }
    for (const [path, argument] of fields) changes.push({ path, operator, argument });
  }
  // MongoDB applies changes, and so adds fields, in the order of their paths.
  changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  refuseConflicts(changes);
  return changes;
}

function refuseConflicts(changes: readonly Change[]): void {
  const paths = changes.map(({ path }) => path);
  for (const { operator, argument } of changes) {
    if (operator === '$rename') paths.push(String(argument));
  }
  const seen = new Set<string>();
  for (const path of paths) {
    const conflict = seen.has(path) || paths.some((other) => path.startsWith(`${other}.`));
    if (conflict) {
      throw new MongoCommandError(
        40,
        `Updating the path '${path}' would create a conflict at '${path}'`,
      );
    }
    seen.add(path);
  }
}

function operatorUpdate(modifier: BsonDocument, positions: Positions): Update {
  const changes = changesOf(modifier);
  for (const name of positions.names) {
    if (changes.some(({ path }) => path.includes(`$[${name}]`))) continue;
    throw new MongoCommandError(
      9,
      `The array filter for identifier '${name}' was not used in the update`,
    );
  }
  return (document, inserting) => {
    const applied = changes.filter(({ operator }) => operator !== '$setOnInsert' || inserting);
    // All before the first change: which elements are meant is asked of the document as it was.
    const targets = applied.map(({ path }) => expandPath(document, path, positions));
    for (const [at, { operator, argument }] of applied.entries()) {
      for (const parts of targets[at] ?? []) operators[operator]?.(document, parts, argument);
    }
    return document;
  };
}

function replacement(body: BsonDocument): Update {
  return (document) => {
    const id = document.get('_id');
    const result: BsonDocument = new Map();
    if (id !== undefined) result.set('_id', id);
    for (const [key, value] of body) result.set(key, copyOf(value));
    return result;
  };
}

const updateStages = new Set([
  '$addFields',
  '$set',
  '$unset',
  '$project',
  '$replaceRoot',
  '$replaceWith',
]);

function pipelineUpdate(stages: readonly BsonValue[], variables: View | undefined): Update {
  const pipeline = stages.map((stage) => toTyped(stage) as View);
  for (const stage of pipeline) {
    const name = Object.keys(stage)[0] ?? '';
    if (!updateStages.has(name)) {
      throw new MongoCommandError(72, `${name} is not allowed to be used within an update`);
    }
  }
  const aggregator = new Aggregator(pipeline, engineOptions(undefined, variables));
  return (document) => {
    const [result] = aggregator.run<View>([copyOfView(typedOf(document))]);
    const changed = readExact(write(result ?? {}));
    // The `_id` stays if the pipeline has removed it, or replaced the document by one that lacks it.
    if (!changed.has('_id') && document.has('_id')) changed.set('_id', document.get('_id'));
    return restored(changed, document) as BsonDocument;
  };
}

/** Keeps the exact values that a pipeline did not change, such as the options of a regular expression. */
function restored(value: BsonValue, before: BsonValue): BsonValue {
  if (value instanceof Map && before instanceof Map) {
    // An object would have moved names that look like numbers to its front.
    const known = [...before.keys()].filter((key) => value.has(key));
    const names = new Set([...known, ...value.keys()]);
    return new Map([...names].map((key) => [key, restored(value.get(key), before.get(key))]));
  }
  if (before === undefined || typeName(toTyped(before)) !== typeName(toTyped(value))) return value;
  return sortKey(toView(value)) === sortKey(toView(before)) ? before : value;
}

/**
 * Compiles an update.
 *
 * @param update operators, a whole document, or a pipeline, in exact values
 * @param filter the plain view of the query it goes with
 * @param arrayFilters plain views
 * @param variables the command's `let`, for a pipeline
 * @throws MongoCommandError 9 for an unknown operator, 40 for two changes of one path
 */
export function compileUpdate(
  update: BsonValue,
  filter: View,
  arrayFilters: readonly unknown[] = [],
  variables?: View,
): Update {
  if (Array.isArray(update)) return pipelineUpdate(update, variables);
  if (!(update instanceof Map)) {
    throw new MongoCommandError(9, 'Update argument must be either an object or an array');
  }
  if (isReplacement(update)) return replacement(update);
  return operatorUpdate(update, compilePositions(filter, arrayFilters));
}

/** Whether an update is a whole document, and not operators or a pipeline. */
export function isReplacement(update: BsonValue): boolean {
  if (!(update instanceof Map)) return false;
  const [first] = update.keys();
  return first === undefined || !first.startsWith('$');
}
