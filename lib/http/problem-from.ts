import { DeadlineExceeded, isSignInFailure, isUnavailable } from '@manystore/connections';
import { ClusterUnavailable } from '../runtime/cluster-strings.ts';
import { SecretsUnavailable } from '../runtime/secrets.ts';
import { adviceFor, type FailedChange } from './failed-change.ts';
import { InternalError, Problem, Unavailable } from './problems.ts';

/**
 * Converts an error to the problem that the client receives. An error that is not a problem reveals only whether to retry.
 *
 * @param change what is known about the change, if the request was to change something
 */
export function problemFrom(error: unknown, change?: FailedChange): Problem {
  if (error instanceof Problem) return error;
  const what = unavailable(error);
  const extra = change ? { outcome: change.outcome } : {};
  if (what === undefined) return new InternalError(error, { extra });
  const mayRetry = change?.next !== 'check';
  return new Unavailable(`${what} ${adviceFor(change)}`, { cause: error, extra, mayRetry });
}

/** Returns what is unavailable, as a sentence; undefined for an unexpected error. */
function unavailable(error: unknown): string | undefined {
  if (error instanceof DeadlineExceeded) return 'The request timed out.';
  if (isUnavailable(error)) return 'A database is not responding.';
  if (error instanceof ClusterUnavailable) return 'The database of the store is not available.';
  if (error instanceof SecretsUnavailable || isSignInFailure(error))
    return 'The service cannot connect to its databases.';
  return undefined;
}
