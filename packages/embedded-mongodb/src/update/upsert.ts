import { setAt } from '../bson/paths.ts';
import type { BsonDocument, BsonValue } from '../bson/values.ts';
import { copyOf } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';

/** Returns the only value that satisfies a condition, or undefined if others do too. */
function equalityOf(condition: BsonValue): BsonValue {
  if (!(condition instanceof Map)) {
    const isPattern =
      typeof condition === 'object' &&
      condition !== null &&
      '_bsontype' in condition &&
      condition._bsontype === 'BSONRegExp';
    return isPattern ? undefined : condition;
  }
  const [first] = condition.keys();
  if (first === undefined || !first.startsWith('$')) return condition;
  if (condition.has('$eq')) return condition.get('$eq');
  const members = condition.get('$in') ?? condition.get('$all');
  return Array.isArray(members) && members.length === 1 ? equalityOf(members[0]) : undefined;
}

function collect(filter: BsonDocument, found: Map<string, BsonValue>): void {
  for (const [path, condition] of filter) {
    if (path === '$and' || (path === '$or' && Array.isArray(condition) && condition.length === 1)) {
      for (const part of condition as BsonValue[]) if (part instanceof Map) collect(part, found);
    } else if (!path.startsWith('$')) {
      const value = equalityOf(condition);
      if (value === undefined) continue;
      if (found.has(path)) {
        throw new MongoCommandError(
          54,
          `cannot infer query fields to set, path '${path}' is matched twice`,
        );
      }
      found.set(path, value);
    }
  }
}

/**
 * Rejects `$expr` in the query of an upsert, from which no document could be derived.
 *
 * @param filter the query in exact values
 * @throws MongoCommandError 224
 */
export function refuseExpressions(filter: BsonDocument): void {
  for (const [name, condition] of filter) {
    if (name === '$expr') {
      throw new MongoCommandError(224, '$expr is not allowed in the query predicate for an upsert');
    }
    if (!name.startsWith('$') || !Array.isArray(condition)) continue;
    for (const part of condition) if (part instanceof Map) refuseExpressions(part);
  }
}

/**
 * What an upsert starts from: the fields that its query says are equal to something.
 *
 * @param filter the query in exact values
 * @param idOnly for a replacement, which takes nothing but the `_id`
 */
export function seedOf(filter: BsonDocument, idOnly: boolean): BsonDocument {
  const found = new Map<string, BsonValue>();
  collect(filter, found);
  const seed: BsonDocument = new Map();
  for (const [path, value] of found) {
    if (!idOnly || path === '_id') setAt(seed, path.split('.'), copyOf(value));
  }
  return seed;
}
