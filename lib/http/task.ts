import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import { connectEarly, type Server } from '../connections.ts';
import { limitTime } from './limit-time.ts';
import { unlock } from './load-secrets.ts';
import { recordTask } from './log-request.ts';
import { checkInput } from './validate-input.ts';

/** What a function that is invoked takes and gives: by a schedule or by hand, not by a request over HTTP. */
export interface TaskContract {
  /** Its one name: its file, its function, its test and its log lines are called so. */
  name: string;
  /** What it does, in a sentence. */
  summary: string;
  /** How often it runs by itself, as `serverless.yml` has it. */
  schedule?: string;
  /** The servers that it needs, if it is not the primary alone: a container connects to them while it starts. */
  servers?: readonly Server[];
  /** What it is invoked with; unknown members are refused. */
  input: z.ZodMiniType;
  /** What it gives. Its numbers also go to the log. */
  result: z.ZodMiniType;
}

/** The time of an invocation. */
export interface TaskTime {
  /** Aborted shortly before the invocation ends: every wait takes it. */
  signal: AbortSignal;
  /** Whether there is time to begin another step: one that takes less than 10 s comes to its end. */
  hasTime: () => boolean;
}

/** A checked invocation, as the contract `C` describes it. */
export interface Invocation<C extends TaskContract> extends TaskTime {
  /** Lambda's id of the invocation. */
  id: string;
  input: z.output<C['input']>;
}

/** A function that is invoked, with the contract that it keeps. */
export interface Task<C extends TaskContract> {
  (event: unknown, context: Context): Promise<z.output<C['result']>>;
  contract: C;
}

/**
 * Makes a Lambda handler of a contract and the function that fulfils it, for invocations without HTTP.
 *
 * @param contract what the task takes and gives
 * @param run gets input that has been checked. What it throws fails the invocation, as a problem: its text
 *   says nothing of the inside
 */
export function task<const C extends TaskContract>(
  contract: C,
  run: (invocation: Invocation<C>) => Promise<z.output<C['result']>>,
): Task<C> {
  connectEarly(contract.servers);
  const handler = middy({ timeoutEarlyInMillis: 0 }) // limitTime() has its own clock
    .use(recordTask(contract))
    .use(limitTime())
    .use(checkInput(contract))
    .use(unlock(contract))
    .handler(run as never);
  return Object.assign(handler as never as Task<C>, { contract });
}
