import type * as z from 'zod/mini';
import type { Server, Sockets } from '../runtime/servers.ts';

/** The input and result of a task: a function that is invoked by a schedule or by hand, not over HTTP. */
export interface TaskContract {
  /** The name of the task's file, function, test and log lines. */
  name: string;
  /** What it does, in a sentence. */
  summary: string;
  /** Its schedule, as in `serverless.yml`. */
  schedule?: string;
  /** The servers that it needs; by default, the primary. A container connects to them while it starts. */
  servers?: readonly Server[];
  /** The sockets that a run uses at the same time, if they are more than two to a server. */
  sockets?: Sockets;
  /** The schema of its input; unknown members are rejected. */
  input: z.ZodMiniType;
  /** The schema of its result, whose numbers are also logged. */
  result: z.ZodMiniType;
}

/** The time of an invocation. */
export interface TaskTime {
  /** Aborted shortly before the invocation ends. Pass it to everything that waits. */
  signal: AbortSignal;
  /** Returns whether there is time for another step, which may take up to 10 s. */
  hasTime: () => boolean;
}

/** A validated invocation, as the contract `C` declares it. */
export interface Invocation<C extends TaskContract> extends TaskTime {
  /** Lambda's id of the invocation. */
  id: string;
  input: z.output<C['input']>;
}
