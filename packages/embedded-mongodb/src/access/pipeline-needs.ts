import { isView, type View } from '../bson/values.ts';
import type { Need } from './roles.ts';

/** The database of the target of $out, $merge or $lookup. */
function databaseOf(target: unknown, database: string): string {
  return isView(target) ? String(target.db ?? database) : database;
}

function merge(argument: unknown, database: string): Need[] {
  const options: View = isView(argument) && 'into' in argument ? argument : { into: argument };
  const target = databaseOf(options.into, database);
  const { whenMatched = 'merge', whenNotMatched = 'insert' } = options;
  const changes = whenMatched !== 'keepExisting' && whenMatched !== 'fail';
  return [
    { action: 'find', database: target },
    ...(changes ? [{ action: 'update', database: target } as const] : []),
    ...(whenNotMatched === 'insert' ? [{ action: 'insert', database: target } as const] : []),
  ];
}

function stageNeeds(name: string, argument: unknown, database: string): Need[] {
  const nested = isView(argument) ? argument : {};
  if (name === '$lookup' || name === '$graphLookup') {
    const source = databaseOf(nested.from, database);
    return [{ action: 'find', database: source }, ...pipelineNeeds(nested.pipeline, source)];
  }
  if (name === '$unionWith') {
    const source = databaseOf(nested, database);
    return [{ action: 'find', database: source }, ...pipelineNeeds(nested.pipeline, source)];
  }
  if (name === '$facet') {
    return Object.values(nested).flatMap((pipeline) => pipelineNeeds(pipeline, database));
  }
  if (name === '$merge') return merge(argument, database);
  if (name !== '$out') return [];
  const target = databaseOf(argument, database);
  return [
    { action: 'insert', database: target },
    { action: 'remove', database: target },
  ];
}

/**
 * Returns what the stages of a pipeline require besides reading its own collection.
 *
 * @param pipeline the argument of the command or of a stage. If it is malformed, the command fails later
 * @param database the database of the pipeline
 */
export function pipelineNeeds(pipeline: unknown, database: string): Need[] {
  if (!Array.isArray(pipeline)) return [];
  return pipeline.flatMap((stage: unknown) =>
    isView(stage)
      ? Object.entries(stage).flatMap(([name, argument]) => stageNeeds(name, argument, database))
      : [],
  );
}
