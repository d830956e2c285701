import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import { connectEarly } from '../connections.ts';
import { span, traceRequest } from '../runtime/traces.ts';
import { limitTime } from './limit-time.ts';
import { logTask } from './log-request.ts';
import type { Invocation, TaskContract } from './task-contract.ts';
import { validateInput } from './validate-input.ts';
import { withSecrets } from './with-secrets.ts';

/** A Lambda handler that is invoked without HTTP, with its contract. */
export interface Task<C extends TaskContract> {
  (event: unknown, context: Context): Promise<z.output<C['result']>>;
  contract: C;
  /** Resolves when a container can take its first invocation: see {@link connectEarly}. */
  ready: Promise<void>;
}

/**
 * Creates a Lambda handler from a contract and the function that implements it, for invocations without HTTP.
 *
 * @param contract the task's input and result
 * @param run receives validated input. An error that it throws fails the invocation with a problem, whose text
 *   reveals no internals
 */
export function task<const C extends TaskContract>(
  contract: C,
  run: (invocation: Invocation<C>) => Promise<z.output<C['result']>>,
): Task<C> {
  const ready = connectEarly(contract);
  const handler = middy({ timeoutEarlyInMillis: 0 }) // limitTime() has its own clock
    .use(logTask(contract))
    .use(limitTime())
    .use(validateInput(contract))
    .use(withSecrets(contract))
    .handler(((invocation: Invocation<C>) => span('run', () => run(invocation))) as never);
  const traced = ((event, context) =>
    traceRequest(contract.name, () => (handler as never as Task<C>)(event, context))) as Task<C>;
  return Object.assign(traced, { contract, ready });
}
