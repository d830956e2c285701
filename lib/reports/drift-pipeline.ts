import type { PipelineStage } from 'mongoose';
import { type Expression, found, inside, unknownOn } from './drift-expressions.ts';
import { ELEMENT } from './known-paths.ts';

/*
 * The walk through the archive, as the server does it: not a record leaves it. A record is opened level by
 * level. What a level holds, and the schema does not know, is kept as `found`; each object and each list in
 * it becomes a document of its own, which the next level opens.
 */

/** How many members or elements lead to the deepest values that are looked at. */
export const DEEPEST = 4;
/** Names are answered up to here, in characters: a record can have one of a million. */
const MAX_NAME_LENGTH = 200;

/**
 * Counts the records that hold what the schema does not know, by path and type, the most frequent first.
 * The first of the rows counts the records themselves.
 *
 * @param filter which records
 * @param limit how many rows at most
 */
export const driftPipeline = (filter: Record<string, unknown>, limit: number): PipelineStage[] =>
  [
    { $match: filter },
    { $replaceWith: { _id: '$_id', path: { $literal: [] }, value: '$document', found } },
    ...Array.from({ length: DEEPEST - 1 }, (_, level) => openLevel(level + 1)).flat(),
    { $addFields: { inside } },
    { $project: { found: { $concatArrays: ['$found', unknownOn(DEEPEST)] } } },
    { $unwind: '$found' },
    ...countRecords,
    { $sort: { count: -1, _id: 1 } },
    { $limit: limit },
    { $project: { _id: 0, path: shortened('$_id.path'), type: '$_id.type', count: 1 } },
  ] as PipelineStage[];

/** Opens what the documents of the walk stand for. What is found there stays together in one document. */
function openLevel(level: number): PipelineStage[] {
  const containers = {
    $filter: {
      input: '$inside',
      as: 'part',
      cond: { $in: ['$$part.type', ['object', 'array']] },
    },
  };
  return [
    { $addFields: { inside } },
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
 * Counts records, not values: below a list, a record may hold the same path and type many times. Anywhere
 * else it holds them once, and need not be told from the others.
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

/** A path with long names cut short. */
const shortened = (path: string): Expression => ({
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
