import type { PipelineStage } from 'mongoose';
import { children, type Expression, found, unknownOn } from './drift-expressions.ts';
import { ELEMENT } from './known-paths.ts';

/*
 * The comparison of archived records with the product schema, as an aggregation pipeline, so that no record leaves the
 * server. Records are examined level by level. The children of a level that the schema does not declare are added to
 * `found`, and each object and list becomes a document of its own, which the next level examines.
 */

/** The maximum number of names in a path. Deeper values are not examined. */
export const MAX_DEPTH = 4;
/** In characters. A record can have a member name of a million characters; longer names are truncated. */
const MAX_NAME_LENGTH = 200;

/**
 * Returns a pipeline that counts the records with an undeclared or missing member, by path and type, most frequent
 * first. The first row of its result counts the records themselves.
 *
 * @param filter selects the records
 * @param limit the maximum number of rows
 */
export const driftPipeline = (filter: Record<string, unknown>, limit: number): PipelineStage[] =>
  [
    { $match: filter },
    { $replaceWith: { _id: '$_id', path: { $literal: [] }, value: '$document', found } },
    ...Array.from({ length: MAX_DEPTH - 1 }, (_, level) => expandLevel(level + 1)).flat(),
    { $addFields: { children } },
    { $project: { found: { $concatArrays: ['$found', unknownOn(MAX_DEPTH)] } } },
    { $unwind: '$found' },
    ...countRecords,
    { $sort: { count: -1, _id: 1 } },
    { $limit: limit },
    { $project: { _id: 0, path: truncated('$_id.path'), type: '$_id.type', count: 1 } },
  ] as PipelineStage[];

/** Returns the stages that examine a level. Each document's new rows stay in one document until the end. */
function expandLevel(level: number): PipelineStage[] {
  const containers = {
    $filter: {
      input: '$children',
      as: 'part',
      cond: { $in: ['$$part.type', ['object', 'array']] },
    },
  };
  return [
    { $addFields: { children } },
    { $addFields: { found: { $concatArrays: ['$found', unknownOn(level)] } } },
    {
      $replaceWith: {
        _id: '$_id',
        next: {
          $concatArrays: [
            { $cond: [{ $eq: ['$found', []] }, [], [{ found: '$found' }]] },
            {
              $map: {
                input: containers,
                as: 'part',
                in: {
                  path: { $concatArrays: ['$path', ['$$part.name']] },
                  value: '$$part.value',
                  found: [],
                },
              },
            },
          ],
        },
      },
    },
    { $unwind: '$next' },
    {
      $replaceWith: { _id: '$_id', path: '$next.path', value: '$next.value', found: '$next.found' },
    },
  ] as PipelineStage[];
}

/**
 * Counts records rather than values. Below a list, a record may have the same path and type many times, so the rows are
 * grouped by record first. Elsewhere a record has them only once.
 */
const countRecords: PipelineStage[] = [
  {
    $group: {
      _id: {
        path: '$found.path',
        type: '$found.type',
        record: { $cond: [{ $in: [ELEMENT, '$found.path'] }, '$_id', null] },
      },
      count: { $sum: 1 },
    },
  },
  {
    $group: {
      _id: { path: '$_id.path', type: '$_id.type' },
      count: { $sum: { $cond: [{ $eq: ['$_id.record', null] }, '$count', 1] } },
    },
  },
];

/** Returns an expression with a path whose long names are truncated. */
const truncated = (path: string): Expression => ({
  $map: {
    input: path,
    as: 'name',
    in: {
      $cond: [
        { $eq: [{ $type: '$$name' }, 'string'] },
        { $substrCP: ['$$name', 0, MAX_NAME_LENGTH] },
        '$$name',
      ],
    },
  },
});
