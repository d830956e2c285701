import { child } from '../bson/paths.ts';
import type { BsonDocument, BsonValue } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';

/** The array elements that the parts `$`, `$[]` and `$[name]` of a path select. */
export interface Positions {
  /** The names of the array filters. */
  readonly names: readonly string[];
  /** The position that the query matched in the array at this path. */
  matched(path: string, array: readonly BsonValue[]): number;
  /** Returns the positions that match the array filter of this name. */
  filtered(name: string, array: readonly BsonValue[]): number[];
}

/**
 * Replaces the array parts of a path by positions.
 *
 * @param document what the path leads into
 * @param path as the update names it
 * @param positions which elements are meant
 * @returns the parts of each path that is meant, without `$`
 * @throws MongoCommandError 2 if an array part does not stand for an array
 */
export function expandPath(document: BsonDocument, path: string, positions: Positions): string[][] {
  const parts = path.split('.');
  if (parts.includes('')) {
    throw new MongoCommandError(56, `The update path '${path}' contains an empty field name.`);
  }
  return path.includes('$') ? expand(document, parts, [], positions, path) : [parts];
}

function expand(
  value: BsonValue,
  parts: readonly string[],
  done: readonly string[],
  positions: Positions,
  path: string,
): string[][] {
  const [part, ...rest] = parts;
  if (part === undefined) return [[...done]];
  if (!part.startsWith('$')) {
    return expand(child(value, part), rest, [...done, part], positions, path);
  }
  if (part !== '$' && !(part.startsWith('$[') && part.endsWith(']'))) {
    throw new MongoCommandError(
      52,
      `The dollar ($) prefixed field '${part}' in '${path}' is not valid for storage.`,
    );
  }
  if (!Array.isArray(value)) {
    throw new MongoCommandError(
      2,
      `The path '${done.join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  return chosen(part, done.join('.'), value, positions).flatMap((at) =>
    expand(value[at], rest, [...done, String(at)], positions, path),
  );
}

function chosen(part: string, path: string, array: BsonValue[], positions: Positions): number[] {
  if (part === '$') return [positions.matched(path, array)];
  const name = part.slice(2, -1);
  return name === '' ? array.map((_item, at) => at) : positions.filtered(name, array);
}
