import { timeLeft } from '@manystore/connections';
import { faultsOf } from './faults.ts';
import type { Middleware } from './middleware.ts';
import { InvalidRequest } from './problems.ts';
import type { TaskContract } from './task-contract.ts';

/** What a step of a task may take, in milliseconds: as long as a socket waits for its answer. */
const LONGEST_STEP_MS = 10_000;

/**
 * Holds what a task is invoked with against its contract, and hands on what the schema makes of it.
 *
 * @throws {InvalidRequest} before any database is touched
 */
export function validateInput({ input }: TaskContract): Middleware {
  return {
    before(request) {
      const result = input.safeParse(request.event ?? {});
      if (!result.success) {
        const errors = faultsOf('body', result.error);
        const reasons = errors.map(({ pointer, reason }) => `${pointer || 'it'} ${reason}`);
        throw new InvalidRequest(
          `The input does not match this task's schema: ${reasons.join('; ')}`,
          {
            errors,
          },
        );
      }
      const { signal } = request.internal.deadline;
      request.event = {
        id: request.context.awsRequestId,
        input: result.data,
        signal,
        hasTime: () => timeLeft(signal) > LONGEST_STEP_MS,
      };
    },
  };
}
