import type * as z from 'zod/mini';
import type { Server } from '../runtime/servers.ts';
import type { Caller } from './caller.ts';
import { parseJson } from './json.ts';
import type { Problem } from './problems.ts';
import type { Scope } from './scopes.ts';

export type Route = `${'GET' | 'POST' | 'PATCH' | 'DELETE'} /${string}`;

type Schema = z.ZodMiniType;

/** Makes a value of a body's text, for the schema to check. It throws MalformedText when it cannot. */
export type BodyReader = (text: string) => unknown;

export interface BodyContract {
  schema: Schema;
  /** The media types that are read, each with its reader. */
  types: Readonly<Record<string, BodyReader>>;
  /** The most that is read, in bytes. */
  maxBytes: number;
  /** Whether there may be none: the schema then gets undefined. */
  optional?: boolean;
}

/** A header of an answer. `cache-control` replaces that of every answer; `link` is there if there is a next page, the others always. */
export type AnswerHeader =
  | 'cache-control'
  | 'content-disposition'
  | 'content-encoding'
  | 'content-security-policy'
  | 'etag'
  | 'link'
  | 'location'
  | 'retry-after'
  | 'vary';

export type ProblemClass = abstract new (...details: never[]) => Problem;

/**
 * What an operation takes and answers, told once, beside its code. Requests are checked against it, its
 * types come from it, and so does the API's document. Tests hold answers and `serverless.yml` against it.
 */
export interface Contract {
  /** The operation's one name: its file, its function, its test and its log lines are called so. */
  name: string;
  /** What it does, in a sentence. */
  summary: string;
  routes: readonly Route[];
  /** What a caller must be allowed to do. */
  scope: Scope | 'public';
  /** The servers that it needs, if it is not the primary alone: a container connects to them while it starts. */
  servers?: readonly Server[];
  path?: Schema;
  query?: Schema;
  /** By lower-case name. Headers that it does not name are left alone. */
  headers?: Schema;
  body?: BodyContract;
  /** The answers when all goes well, by status; null has no body. */
  answers: Readonly<Record<number, Schema | null>>;
  /** The media types of answers that are text already; without them, answers are JSON. */
  answerTypes?: readonly string[];
  /** What these answers have in their headers besides what every answer has. */
  answerHeaders?: Readonly<Record<number, readonly AnswerHeader[]>>;
  /** What can go wrong here besides what follows from the rest: see `openapi/problems.ts`. */
  problems?: readonly ProblemClass[];
}

type Output<S> = S extends Schema ? z.output<S> : undefined;

/** A checked request, as the contract `C` describes it. */
export interface Request<C extends Contract> {
  /** Lambda's id of the invocation; the caller gets it as `x-request-id`. */
  id: string;
  /** Who asks, and which stores are there for them. */
  caller: Caller;
  /** The path as it was asked for, such as `/stores/acme/products`. */
  url: string;
  path: Output<C['path']>;
  query: Output<C['query']>;
  headers: Output<C['headers']>;
  body: C['body'] extends BodyContract ? z.output<C['body']['schema']> : undefined;
  /** Aborted shortly before the invocation ends: every wait takes it. */
  signal: AbortSignal;
}

const KILOBYTE = 1024;

/** A JSON body of at most `maxKilobytes`; with it, the other media types that are read alike. */
export function jsonBody<S extends Schema>(
  schema: S,
  {
    maxKilobytes = 256,
    types = ['application/json'],
    optional = false,
  }: { maxKilobytes?: number; types?: readonly string[]; optional?: boolean } = {},
) {
  const readers = Object.fromEntries(types.map((type) => [type, parseJson]));
  return { schema, types: readers, maxBytes: maxKilobytes * KILOBYTE, optional };
}

/** A body that several media types can bring, each with a reader of its own. */
export function bodyOf<S extends Schema>(
  schema: S,
  { maxKilobytes, types }: { maxKilobytes: number; types: BodyContract['types'] },
) {
  return { schema, types, maxBytes: maxKilobytes * KILOBYTE };
}
