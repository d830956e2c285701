import { DeadlineExceeded, isUnavailable } from '@manystore/connections';
import { SecretsUnavailable } from '../runtime/secrets.ts';
import { InternalError, Problem, Unavailable } from './problems.ts';

/** Converts an error to the problem that the client receives. An error that is not a problem reveals only whether to retry. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DeadlineExceeded)
    return new Unavailable('The request timed out. The same request may succeed later.', {
      cause: error,
    });
  if (isUnavailable(error))
    return new Unavailable('A database is not responding. The same request may succeed later.', {
      cause: error,
    });
  if (error instanceof SecretsUnavailable)
    return new Unavailable(
      'The service cannot connect to its databases. The same request may succeed later.',
      {
        cause: error,
      },
    );
  return new InternalError(error);
}
