import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Contract } from '../../../lib/contract.ts';

/** The problems that an operation may answer with when its servers are well. */
const PROBLEMS = new Set([400, 401, 403, 404, 409, 412, 413, 415, 422]);

/** What tells of the inside, and is in no request of a fuzz. */
const INSIDE =
  /\bat \S+ \(|\.ts\b|node_modules|file:\/\/|mongodb|127\.0\.0\.1|localhost|Mongo|mongoose|\bzod|CastError|BSON|E11000|ECONN|\w+Error\b|store_[a-z0-9]|\[object|undefined|NaN/;

/** What is wrong with an answer; undefined when nothing is. */
export function faultIn(
  { answers }: Contract,
  { statusCode = 0, headers = {}, body }: APIGatewayProxyStructuredResultV2,
  secrets: readonly string[],
): string | undefined {
  const whole = `${JSON.stringify(headers)} ${body ?? ''}`;
  if (Buffer.byteLength(whole) > 6_000_000) return 'the answer is too large for Lambda';
  const secret = secrets.find((word) => whole.includes(word));
  if (secret) return 'the answer holds what belongs to others';
  const [inside] = INSIDE.exec(whole) ?? [];
  if (inside) return `the answer tells of the inside: ${inside}`;
  const bad = Object.values(headers).find((value) => !/^[\t\x20-\x7e]*$/.test(String(value)));
  if (bad !== undefined) return 'a header cannot be sent';
  if (headers['x-content-type-options'] !== 'nosniff' || !headers['x-request-id'])
    return 'a header is missing';
  if (statusCode in answers) return faultInBody(answers[statusCode] ?? null, headers, body);
  if (!PROBLEMS.has(statusCode)) return `the status ${statusCode} is not declared`;
  return faultInProblem(statusCode, headers, body);
}

type Headers = NonNullable<APIGatewayProxyStructuredResultV2['headers']>;

function faultInBody(schema: Contract['answers'][number], headers: Headers, body?: string) {
  if (schema === null) return body === undefined ? undefined : 'there is a body';
  const isJson = headers['content-type'] === 'application/json';
  const result = schema.safeParse(isJson ? JSON.parse(body ?? '') : body);
  if (!result.success) return `the body is not as declared: ${JSON.stringify(result.error.issues)}`;
  const value = result.data as { version?: number; next?: unknown; _archive?: unknown };
  if (
    isJson &&
    value.version !== undefined &&
    !value._archive &&
    headers.etag !== `"${value.version}"`
  )
    return 'the ETag is not the version';
  if (typeof value.next === 'string' && !headers.link) return 'there is no Link to the next page';
  return undefined;
}

function faultInProblem(status: number, headers: Headers, body?: string): string | undefined {
  if (headers['content-type'] !== 'application/problem+json') return 'it is no problem+json';
  const problem = JSON.parse(body ?? '');
  const isWhole =
    problem.status === status &&
    /^urn:manystore:problem:[a-z-]+$/.test(problem.type) &&
    [problem.title, problem.detail, problem.instance].every((text) => typeof text === 'string');
  if (!isWhole) return 'the problem is not as RFC 9457 has it';
  if (status === 401 && !headers['www-authenticate']) return 'WWW-Authenticate is missing';
  return undefined;
}
