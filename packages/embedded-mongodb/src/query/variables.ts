import { Timestamp } from 'bson';
import type { View } from '../bson/values.ts';

/**
 * Returns the variables that every expression can use: `$$NOW` and `$$CLUSTER_TIME`.
 *
 * @param now the time of the command, so that both stay the same for all of its documents
 */
export function systemVariables(now: Date): View {
  return { NOW: now, CLUSTER_TIME: timestampOf(now) };
}

/** Returns a timestamp of the second in which `now` lies. */
export function timestampOf(now: Date): Timestamp {
  return new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
}
