import { type BsonValue, isView, toView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { compileFilter, type Predicate } from '../query/filter.ts';
import type { Positions } from './paths.ts';

/** The conditions a filter puts on an array and on what is in it, however deep under $and. */
function conditionsOn(filter: View, path: string): View[] {
  return Object.entries(filter).flatMap(([key, condition]) => {
    if (key === '$and' && Array.isArray(condition)) {
      return condition.filter(isView).flatMap((part) => conditionsOn(part, path));
    }
    if (key !== path && !key.startsWith(`${path}.`)) return [];
    return [{ [`element${key.slice(path.length)}`]: condition }];
  });
}

function namedFilters(filters: readonly unknown[]): Map<string, Predicate> {
  const named = new Map<string, Predicate>();
  for (const filter of filters) {
    if (!isView(filter)) throw new MongoCommandError(14, 'arrayFilters must hold documents');
    const name = firstName(filter);
    if (named.has(name)) {
      throw new MongoCommandError(
        9,
        `Found multiple array filters with the same top-level field name ${name}`,
      );
    }
    named.set(name, compileFilter(filter));
  }
  return named;
}

function firstName(filter: View): string {
  const [key, condition] = Object.entries(filter)[0] ?? [];
  if (key === undefined) {
    throw new MongoCommandError(9, 'Cannot use an expression without a top-level field name');
  }
  if (!key.startsWith('$')) return key.split('.')[0] ?? key;
  const [first] = Array.isArray(condition) ? condition.filter(isView) : [];
  return firstName(first ?? {});
}

/**
 * Compiles what an update's `$` and `$[name]` refer to.
 *
 * @param filter the update's query
 * @param arrayFilters its array filters
 * @throws MongoCommandError 9 for two array filters of one name
 */
export function compilePositions(filter: View, arrayFilters: readonly unknown[]): Positions {
  const named = namedFilters(arrayFilters);
  return {
    matched(path, array) {
      const conditions = conditionsOn(filter, path);
      const tests = conditions.map((condition) => compileFilter(condition));
      const at = array.findIndex((item: BsonValue) => {
        // In an array of its own the element is matched as it was: alone, by $elemMatch too.
        const element = { element: [toView(item)] };
        return tests.length > 0 && tests.every((test) => test(element));
      });
      if (at >= 0) return at;
      throw new MongoCommandError(
        2,
        'The positional operator did not find the match needed from the query.',
      );
    },
    names: [...named.keys()],
    filtered(name, array) {
      const test = named.get(name);
      if (!test) {
        throw new MongoCommandError(2, `No array filter found for identifier '${name}'`);
      }
      return array.flatMap((item, at) => (test({ [name]: toView(item) }) ? [at] : []));
    },
  };
}
