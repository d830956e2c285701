import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { BodyContract } from '../contract.ts';
import { ContentTooLarge, InvalidRequest, UnsupportedMediaType } from '../problems.ts';

/**
 * The JSON value of a request's body.
 *
 * @throws {UnsupportedMediaType} when the content type is missing, not one of the contract's, or not UTF-8
 * @throws {ContentTooLarge} when the body has more bytes than the contract allows
 * @throws {InvalidRequest} when there is no body, or it is not JSON in UTF-8
 */
export function readJson(event: APIGatewayProxyEventV2, contract: BodyContract): unknown {
  requireType(event.headers['content-type'], contract.types);
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > contract.maxBytes)
    throw new ContentTooLarge(`The body may have at most ${contract.maxBytes} bytes.`);
  if (bytes.length === 0) throw malformed('must not be empty');
  return parse(decode(bytes));
}

function requireType(header: string | undefined, types: readonly string[]): void {
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  const isUtf8 = !charset || /^charset="?utf-8"?$/.test(charset);
  if (types.includes(type.trim()) && isUtf8) return;
  throw new UnsupportedMediaType(`Send the body as ${types.join(' or ')} in UTF-8.`);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('must be UTF-8');
  }
}

function parse(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed('must be JSON', error);
  }
  // A member of that name replaces the prototype when an object is copied member by member. Only a text
  // with the name, or with an escape that may spell it, is worth the walk.
  if (/__proto__|\\u/i.test(text) && namesProto(value))
    throw malformed('must not have a member __proto__');
  return value;
}

const namesProto = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (Object.hasOwn(value, '__proto__') || Object.values(value).some(namesProto));

const malformed = (reason: string, cause?: unknown) =>
  new InvalidRequest('The body cannot be read.', {
    errors: [{ in: 'body', pointer: '', reason }],
    cause,
  });
