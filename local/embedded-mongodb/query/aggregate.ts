import { Aggregator } from 'mingo/aggregator';
import { isView, type View } from '../bson/values.ts';
import { write } from '../bson/write.ts';
import { MongoCommandError } from '../errors.ts';
import { drop, take } from '../iteration.ts';
import { originalOf, type StoredDocument } from '../storage/document.ts';
import type { Store } from '../storage/store.ts';
import { engineOptions } from './engine.ts';
import { search } from './plan.ts';
import { sorted } from './sort.ts';

/** What a pipeline runs on. */
export interface PipelineSource {
  readonly store: Store;
  readonly database: string;
  /** Absent for a pipeline on a database, which begins with $documents. */
  readonly collection?: string | undefined;
  readonly variables?: View | undefined;
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
  let documents = search(stored, filter, source.variables);
  const stages = matching ? rest : [...pipeline];
  while (stages[0] !== undefined) {
    const [name, argument] = stageOf(stages[0]);
    if (name === '$sort' && isView(argument)) {
      documents = sorted(documents, argument, ({ view }: StoredDocument) => view);
    } else if (name === '$limit' && Number(argument) > 0) {
      documents = take(documents, Number(argument));
    } else if (name === '$skip' && Number(argument) >= 0) {
      documents = drop(documents, Number(argument));
    } else {
      break;
    }
    stages.shift();
  }
  return { documents, stages };
}

/**
 * Runs an aggregation pipeline, $out and $merge excepted.
 *
 * @param source the collection and where to find others
 * @param pipeline plain views of the stages
 * @returns plain views; a document that no stage touched is the stored one's own view
 * @throws Error for a malformed stage
 */
export function runPipeline(source: PipelineSource, pipeline: readonly unknown[]): View[] {
  const { documents, stages } = chooseFirst(source, pipeline);
  const views = Array.from(documents, ({ view }) => view);
  if (stages.length === 0) return views;
  for (const stage of stages) stageOf(stage);
  const resolver = (name: string) => {
    const { store, database } = source;
    return Array.from(store.find(database, name)?.documents() ?? [], ({ view }) => view);
  };
  const options = engineOptions(resolver, source.variables);
  const lastCount = stages.length === 1 && views.length === 0 && stageOf(stages[0])[0] === '$count';
  // Nothing to count gives no document at all, where mingo says zero.
  if (lastCount) return [];
  return new Aggregator(stages as View[], options).run<View>(views);
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
