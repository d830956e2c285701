import { Aggregator } from 'mingo/aggregator';
import { isView, type View } from '../bson/values.ts';
import { write } from '../bson/write.ts';
import { MongoCommandError } from '../errors.ts';
import { originalOf } from '../storage/document.ts';
import type { Namespaces } from '../storage/namespaces.ts';
import { engineOptions, isOperator } from './engine.ts';
import { geoNearOn } from './geo-near.ts';
import { lookupWith, type RunOn, unionWith } from './lookup.ts';
import { select } from './select.ts';

/** What a pipeline runs on. */
export interface PipelineSource {
  readonly store: Namespaces;
  readonly database: string;
  /** Absent for a pipeline on a database, which begins with $documents. */
  readonly collection?: string | undefined;
  readonly variables?: View | undefined;
  /** The index to begin with. */
  readonly hint?: unknown;
}

/** The one operator of a stage and its argument. */
export function stageOf(stage: unknown): [name: string, argument: unknown] {
  const entries = isView(stage) ? Object.entries(stage) : [];
  const [entry] = entries;
  if (!entry || entries.length !== 1) {
    throw new MongoCommandError(
      40323,
      'A pipeline stage specification object must contain exactly one field.',
    );
  }
  return entry;
}

/**
 * Runs the stages at a pipeline's beginning that only choose and order documents, on the stored
 * documents themselves: a $match there is answered from the indexes.
 *
 * @returns the documents, and the stages that are left
 */
function chooseFirst(source: PipelineSource, pipeline: readonly unknown[]) {
  const { store, database, collection } = source;
  const [first, rest] = [pipeline[0], pipeline.slice(1)];
  const matching = first !== undefined && stageOf(first)[0] === '$match';
  const filter = matching ? stageOf(first)[1] : {};
  if (!isView(filter)) {
    throw new MongoCommandError(15959, 'the match filter must be an expression in an object');
  }
  const stored = collection === undefined ? undefined : store.find(database, collection);
  const stages = matching ? rest : [...pipeline];
  const argumentOf = (wanted: string): unknown => {
    if (stages[0] === undefined) return undefined;
    const [name, argument] = stageOf(stages[0]);
    return name === wanted ? argument : undefined;
  };
  const sort = argumentOf('$sort');
  if (isView(sort)) stages.shift();
  const skip = Number(argumentOf('$skip') ?? 0);
  if (skip > 0) stages.shift();
  const limit = Number(argumentOf('$limit') ?? 0);
  if (limit > 0) stages.shift();
  const documents = select(stored, {
    filter,
    variables: source.variables,
    sort: isView(sort) ? sort : undefined,
    skip: Math.max(skip, 0),
    limit: Math.max(limit, 0),
    hint: source.hint,
  });
  return { documents, stages };
}

/**
 * Runs an aggregation pipeline, $out and $merge excepted.
 *
 * @param source the collection and where to find others
 * @param pipeline typed views of the stages
 * @returns plain views; a document that no stage changed is the view of the stored document
 * @throws Error for a malformed stage
 */
export function runPipeline(source: PipelineSource, pipeline: readonly unknown[]): View[] {
  const { documents, stages } = chooseFirst(source, pipeline);
  const views = Array.from(documents, ({ view }) => view);
  if (stages.length === 0) return views;
  return runStages(source, views, stages);
}

/** Runs stages on documents that do not belong to a collection. */
function runStages(source: PipelineSource, views: View[], stages: readonly unknown[]): View[] {
  for (const stage of stages) {
    const [name] = stageOf(stage);
    if (isOperator('pipeline', name) || name === '$geoNear') continue;
    throw new MongoCommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
  const { store, database } = source;
  const run: RunOn = (from, pipeline, variables) =>
    Array.isArray(from)
      ? runStages({ ...source, variables }, from, pipeline)
      : runPipeline({ store, database, variables, collection: collectionOf(from) }, pipeline);
  const { collection } = source;
  const own = collection === undefined ? undefined : store.find(database, collection);
  const options = engineOptions(
    {
      resolver: (name) =>
        Array.from(store.find(database, name)?.documents() ?? [], ({ view }) => view),
      stages: {
        $lookup: lookupWith(run),
        $unionWith: unionWith(run),
        $geoNear: geoNearOn(own),
      },
    },
    source.variables,
  );
  return new Aggregator(stages as View[], options).run<View>(views);
}

function collectionOf(from: unknown): string | undefined {
  if (from === undefined || typeof from === 'string') return from;
  throw new MongoCommandError(9, 'a pipeline joins collections of its own database by their names');
}

/** The bytes of a pipeline's result: as stored if it came through untouched. */
export function encodeResult(view: View): Buffer {
  return originalOf(view)?.bytes ?? write(idFirst(view));
}

/** A computed document with its `_id` where MongoDB has it, which mingo adds last. */
export function idFirst(view: View): View {
  if (!Object.hasOwn(view, '_id') || Object.keys(view)[0] === '_id') return view;
  const { _id, ...rest } = view;
  return { _id, ...rest };
}
