import { describeResponse, type UnexpectedKind } from './describe-response.ts';
import { type CallDetails, FailedCall } from './failed-call.ts';
import { parseObject } from './json.ts';
import type { Fault } from './paths.ts';
import { retryAfterMs } from './retry-after.ts';
import type { Problem, ProblemKind } from './types.ts';

/** Thrown for a response that is not a success. Its message says what happened, and in which request. */
export class ManystoreError extends FailedCall {
  override readonly name = 'ManystoreError';
  /** The HTTP status code. */
  readonly status: number;
  /** The kind of problem, for programs to compare: the last part of `type`, or what follows from the status. */
  readonly kind: ProblemKind | UnexpectedKind;
  /** The URN of the kind of problem; `about:blank` if the response is not a problem of the service. */
  readonly type: string;
  /** A short name of the kind of problem. */
  readonly title: string;
  /** What went wrong in this request. */
  readonly detail: string;
  /** The faults in the request, each with its location. */
  readonly errors: readonly Fault[];
  /** The id of the request, which is also in the service's log. */
  readonly requestId: string | undefined;
  /** Whether a change may have been applied, if the service says so. */
  readonly outcome: 'not-applied' | 'unknown' | undefined;
  /** The delay in milliseconds that the service asked for in `Retry-After`. */
  readonly retryAfterMs: number | undefined;
  /** The whole problem; undefined if the response is not a problem of the service. */
  readonly problem: Problem | undefined;
  /** The headers of the response, such as `etag`. */
  readonly headers: Headers;

  /** @param text the body of the response */
  constructor({ status, headers }: Response, text: string, call: CallDetails) {
    const problem = problemOf(text);
    const { kind, title, detail } = problem
      ? { ...problem, kind: lastPart(problem.type) as ProblemKind }
      : describeResponse(status, text);
    const errors = problem?.errors ?? [];
    const requestId =
      headers.get('x-request-id') ??
      (problem?.instance && lastPart(problem.instance)) ??
      headers.get('apigw-requestid') ??
      undefined;
    super(`${status} ${title}: ${detail}${listed(errors)}`, call, requestId);
    this.status = status;
    this.kind = kind;
    this.type = problem?.type ?? 'about:blank';
    this.title = title;
    this.detail = detail;
    this.errors = errors;
    this.requestId = requestId;
    this.outcome = problem?.outcome;
    this.retryAfterMs = retryAfterMs(headers.get('retry-after'));
    this.problem = problem;
    this.headers = headers;
  }
}

type AnyProblem = Problem & { outcome?: 'not-applied' | 'unknown' };

function problemOf(text: string): AnyProblem | undefined {
  const body = parseObject(text);
  const isProblem = typeof body?.type === 'string' && typeof body.title === 'string';
  return isProblem ? (body as unknown as AnyProblem) : undefined;
}

const lastPart = (urn: string): string => urn.slice(urn.lastIndexOf(':') + 1);

const MAX_LISTED = 5;

/** The first faults, for a message: `body/name is required`. */
function listed(errors: readonly Fault[]): string {
  const shown = errors.slice(0, MAX_LISTED).map((at) => ` ${at.in}${at.pointer} ${at.reason}`);
  const more = errors.length - shown.length;
  return [...shown, ...(more > 0 ? [` and ${more} more`] : [])].join(';');
}
