import { readExact } from '../bson/read.ts';
import type { BsonDocument, View } from '../bson/values.ts';
import { isView, toTyped } from '../bson/values.ts';
import { write } from '../bson/write.ts';
import type { Command, Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';
import { map } from '../iteration.ts';
import { encodeResult, runPipeline, stageOf } from '../query/aggregate.ts';
import { search } from '../query/plan.ts';
import type { Collection } from '../storage/collection.ts';
import { field, reach } from '../storage/paths.ts';
import { storable } from './insert.ts';
import { Modification } from './modify.ts';

/** Parses the target of $out or $merge: a collection of this or of another database. */
function target(command: Command, value: unknown): [database: string, collection: string] {
  if (typeof value === 'string') return [command.database, value];
  if (isView(value)) return [String(value.db ?? command.database), String(value.coll)];
  throw new MongoCommandError(14, 'the target must be a collection name or { db, coll }');
}

function out(command: Command, argument: unknown, results: readonly View[]): void {
  const [database, name] = target(command, argument);
  const { databases: store } = command.state;
  const documents = results.map((view) => storable(readExact(encodeResult(view))));
  const definitions = store.find(database, name)?.definitions.slice(1) ?? [];
  store.drop(database, name);
  const collection = store.open(database, name);
  for (const definition of definitions) collection.addIndex(definition);
  for (const document of documents) collection.insert(document);
}

function merge(command: Command, argument: unknown, results: readonly View[]): void {
  const options = isView(argument) && 'into' in argument ? argument : { into: argument };
  const collection = command.store.open(...target(command, options.into));
  const on = field(options, 'on') ?? '_id';
  const paths = (Array.isArray(on) ? on : [on]).map(String);
  const { variables } = command;
  for (const view of results) {
    const constants = { ...variables, new: view, ...(isView(options.let) ? options.let : {}) };
    mergeOne(collection, { options, paths, variables: constants }, view);
  }
}

interface Merging {
  readonly options: View;
  readonly paths: readonly string[];
  readonly variables: View;
}

function mergeOne(collection: Collection, merging: Merging, view: View): void {
  const { options, paths, variables } = merging;
  const filter: View = {};
  for (const path of paths) {
    reach(view, path.split('.'), (value) => {
      filter[path] = { $eq: value ?? null };
      return true;
    });
  }
  const exact = readExact(encodeResult(view));
  const [existing] = search(collection, filter);
  const action = existing ? options.whenMatched : options.whenNotMatched;
  if (existing && Array.isArray(action)) {
    const stages = readExact(write({ stages: action })).get('stages');
    new Modification(new Map(), stages, undefined, variables).apply(collection, existing);
    return;
  }
  if (action === 'fail') throw new MongoCommandError(11000, '$merge found a document it must not');
  if (action === 'discard' || action === 'keepExisting') return;
  if (!existing) {
    collection.insert(storable(exact));
    return;
  }
  exact.delete('_id');
  const update = action === 'replace' ? exact : new Map([['$set', exact]]);
  const noFilter: BsonDocument = new Map();
  new Modification(noFilter, update, undefined).apply(collection, existing);
}

const aggregate: Handler = (command) => {
  const pipeline = toTyped(command.exact('pipeline'));
  if (!Array.isArray(pipeline)) {
    throw new MongoCommandError(14, "'pipeline' option must be specified as an array");
  }
  if (command.options.explain === true) {
    throw new MongoCommandError(72, 'The embedded MongoDB does not explain');
  }
  const onDatabase = typeof command.options[command.name] === 'number';
  const collection = onDatabase ? undefined : command.collectionName;
  const namespace = `${command.database}.${collection ?? '$cmd.aggregate'}`;
  const [last, argument] = pipeline.length > 0 ? stageOf(pipeline.at(-1)) : [''];
  const writes = last === '$out' || last === '$merge';
  const results = runPipeline(
    {
      store: command.store,
      database: command.database,
      collection,
      variables: command.variables,
      hint: command.options.hint,
    },
    writes ? pipeline.slice(0, -1) : pipeline,
  );
  if (last === '$out') out(command, argument, results);
  if (last === '$merge') merge(command, argument, results);
  const batchSize = command.document('cursor').batchSize;
  const documents = writes ? [] : map(results, encodeResult);
  const cursor = command.openCursor(namespace, documents, {
    batchSize: batchSize === undefined ? undefined : Number(batchSize),
  });
  return { cursor };
};

export const aggregateCommands: Record<string, Handler> = { aggregate };
