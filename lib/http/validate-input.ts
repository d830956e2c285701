import { timeLeft } from '@manystore/connections';
import { faultsOf } from './faults.ts';
import type { Middleware } from './middleware.ts';
import { InvalidRequest } from './problems.ts';
import type { TaskContract } from './task-contract.ts';

/** The maximum time of a step of a task: the socket timeout. */
const MAX_STEP_MS = 10_000;

/**
 * Validates the input of a task, and passes on what the schema returns.
 *
 * @throws {InvalidRequest} when the input does not match the schema
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
        hasTime: () => timeLeft(signal) > MAX_STEP_MS,
      };
    },
  };
}
