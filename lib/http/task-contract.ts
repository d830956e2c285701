import type * as z from 'zod/mini';
import type { Server } from '../runtime/servers.ts';

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
