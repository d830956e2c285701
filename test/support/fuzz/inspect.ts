import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Contract } from '#lib/http/contract.ts';
import { requireDeclared } from '../../../openapi/declared.ts';

/** Words that reveal internal details, and that no request of the fuzz contains. */
const INSIDE =
  /\bat \S+ \(|\.ts\b|node_modules|file:\/\/|mongodb|127\.0\.0\.1|localhost|Mongo|mongoose|\bzod|CastError|BSON|E11000|ECONN|\w+Error\b|store_[a-z0-9]|\[object|undefined|\bNaN\b/;

/** The OpenAPI document and the files of its page contain such words, and are public. */
const MAY_NAME_THEM = ['get-docs', 'get-openapi'];

/** Returns what is wrong with the response to a request of a route; undefined if nothing is. */
export function faultIn(
  contract: Contract,
  route: string,
  answer: APIGatewayProxyStructuredResultV2,
  secrets: readonly string[],
): string | undefined {
  const { statusCode = 0, headers = {}, body } = answer;
  const whole = `${JSON.stringify(headers)} ${body ?? ''}`;
  if (Buffer.byteLength(whole) > 6_000_000) return 'the answer is too large for Lambda';
  const secret = secrets.find((word) => whole.includes(word));
  if (secret) return 'the answer holds what belongs to others';
  const [inside] = (!MAY_NAME_THEM.includes(contract.name) && INSIDE.exec(whole)) || [];
  if (inside) return `the response reveals internal details: ${inside}`;
  const bad = Object.values(headers).find((value) => !/^[\t\x20-\x7e]*$/.test(String(value)));
  if (bad !== undefined) return 'a header cannot be sent';
  // The servers are available, so only the caller's faults may cause an error. Only get-health may time out on a ping,
  // after some seconds, which a busy machine may need.
  const isSlowPing = contract.name === 'get-health' && statusCode === 503;
  if (statusCode >= 500 && !isSlowPing) return `the status is ${statusCode}`;
  try {
    requireDeclared(contract, route, answer);
  } catch (error) {
    return (error as Error).message;
  }
  return headers['content-type'] === 'application/json' ? faultInValue(headers, body) : undefined;
}

type Headers = NonNullable<APIGatewayProxyStructuredResultV2['headers']>;

function faultInValue(headers: Headers, body = ''): string | undefined {
  const { version, next, _archive }: Record<string, unknown> = JSON.parse(body);
  if (version !== undefined && !_archive && headers.etag !== `"${version}"`)
    return 'the ETag is not the version';
  if (typeof next === 'string' && !headers.link) return 'there is no Link to the next page';
  return undefined;
}
