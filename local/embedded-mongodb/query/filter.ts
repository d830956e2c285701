import { Query } from 'mingo/query';
import type { View } from '../bson/values.ts';
import { engineOptions } from './engine.ts';

export type Predicate = (view: View) => boolean;

/**
 * Compiles a query.
 *
 * @param filter its plain view
 * @param variables the command's `let`, for $expr
 * @returns a test for documents' views
 * @throws Error of mingo for an unknown operator or a malformed one
 */
export function compileFilter(filter: View, variables?: View): Predicate {
  const query = new Query(filter, engineOptions(undefined, variables));
  return (view) => query.test(view);
}
