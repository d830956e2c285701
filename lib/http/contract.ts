import type * as z from 'zod/mini';
import type { Server, Sockets } from '../runtime/servers.ts';
import type { Caller } from './caller.ts';
import { parseJson } from './json.ts';
import type { Problem } from './problems.ts';
import type { Scope } from './scopes.ts';

type ReadRoute = `GET /${string}`;
type ChangeRoute = `${'POST' | 'PATCH' | 'DELETE'} /${string}`;
export type Route = ReadRoute | ChangeRoute;

/**
 * Whether a client that does not know if its request was applied may repeat it without an Idempotency-Key. With a key it
 * always may.
 */
export type Repeat = 'safe' | 'needs-key';

type Schema = z.ZodMiniType;

/**
 * Parses a body's text to a value for the schema to check, or to a promise of it. Throws MalformedText, or the reason of
 * `signal` when it is aborted.
 */
export type BodyReader = (text: string, signal: AbortSignal) => unknown;

export interface BodyContract {
  schema: Schema;
  /** The supported media types, each with its reader. */
  types: Readonly<Record<string, BodyReader>>;
  /** The maximum size in bytes. */
  maxBytes: number;
  /** Whether the body may be empty; the schema then receives undefined. */
  optional?: boolean;
  /** Returns what the schema would return, in less time; undefined if only the schema can validate the value. */
  quick?: ((value: unknown) => unknown) | undefined;
}

/** A response header. `cache-control` replaces the default; `link` is sent if there is a next page, and the others always. */
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
 * The requests and responses of an operation, declared once, next to its code. Requests are validated against it, and
 * types and the API document are derived from it. Tests compare responses and `serverless.yml` with it.
 */
export type Contract = ContractParts &
  (
    | { routes: readonly ReadRoute[]; repeat?: undefined }
    | {
        routes: readonly ChangeRoute[];
        /** Whether the request can be repeated when its outcome is unknown. */
        repeat: Repeat;
      }
  );

interface ContractParts {
  /** The name of the operation's file, function, test and log lines. */
  name: string;
  /** What it does, in a sentence. */
  summary: string;
  /** The scope that a token needs. */
  scope: Scope | 'public';
  /** The servers that it needs; by default, the primary. A container connects to them while it starts. */
  servers?: readonly Server[];
  /** The sockets that a request uses at the same time, if they are more than two to a server. */
  sockets?: Sockets;
  /** How long a request may run before it answers 503, in milliseconds; by default 8 s. See {@link timeLimitOf}. */
  timeLimitMs?: number;
  path?: Schema;
  query?: Schema;
  /** By lowercase name. Other headers are ignored. */
  headers?: Schema;
  body?: BodyContract;
  /** The successful responses by status; null for a response without a body. */
  answers: Readonly<Record<number, Schema | null>>;
  /** The statuses of `answers` that a route has, where they are not all. */
  routeAnswers?: Readonly<Partial<Record<Route, readonly number[]>>>;
  /** The media types of responses that are already text; without them, responses are JSON. */
  answerTypes?: readonly string[];
  /** The additional headers of responses, by status. */
  answerHeaders?: Readonly<Record<number, readonly AnswerHeader[]>>;
  /** The problems that do not follow from the rest of the contract: see `openapi/problems.ts`. */
  problems?: readonly ProblemClass[];
}

/** Enough for a few operations on a database, and for the 5 s in which the driver looks for a server. */
const DEFAULT_TIME_LIMIT_MS = 8_000;

/** The time limit of an operation whose work grows with its request or with a store: what API Gateway allows. */
export const LONG_TIME_LIMIT_MS = 28_500;

/**
 * Returns how long a request of an operation may run, in milliseconds. What is left of the invocation may be less, and
 * only a debugger gives it more: see `limit-time.ts`.
 */
export const timeLimitOf = ({ timeLimitMs = DEFAULT_TIME_LIMIT_MS }: Contract): number =>
  timeLimitMs;

type Output<S> = S extends Schema ? z.output<S> : undefined;

/** A validated request, as the contract `C` declares it. */
export interface Request<C extends Contract> {
  /** Lambda's request id, which the client receives as `x-request-id`. */
  id: string;
  /** The caller, with the scopes and stores that the token covers. */
  caller: Caller;
  /** The requested path, such as `/stores/acme/products`. */
  url: string;
  path: Output<C['path']>;
  query: Output<C['query']>;
  headers: Output<C['headers']>;
  body: C['body'] extends BodyContract ? z.output<C['body']['schema']> : undefined;
  /** Aborted shortly before the invocation ends. Pass it to everything that waits. */
  signal: AbortSignal;
}

const KILOBYTE = 1024;

/**
 * Declares a JSON body of at most `maxKilobytes`, and the media types that are parsed as JSON.
 *
 * @param maxValues the maximum number of objects, arrays, strings, numbers and literals in it
 * @param maxItems the maximum number of elements, if it is an array
 * @param quick see {@link BodyContract}
 */
export function jsonBody<S extends Schema>(
  schema: S,
  {
    maxKilobytes = 256,
    maxValues = 10_000,
    maxItems = maxValues,
    types = ['application/json'],
    optional = false,
    quick,
  }: {
    maxKilobytes?: number;
    maxValues?: number;
    maxItems?: number;
    types?: readonly string[];
    optional?: boolean;
    quick?: BodyContract['quick'];
  } = {},
) {
  const read = (text: string) => parseJson(text, { values: maxValues, items: maxItems });
  const readers = Object.fromEntries(types.map((type) => [type, read]));
  return { schema, types: readers, maxBytes: maxKilobytes * KILOBYTE, optional, quick };
}

/** Declares a body with several media types, each with its own reader. */
export function bodyOf<S extends Schema>(
  schema: S,
  { maxKilobytes, types }: { maxKilobytes: number; types: BodyContract['types'] },
) {
  return { schema, types, maxBytes: maxKilobytes * KILOBYTE };
}
