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
    value = MAY_LOSE_DIGITS.test(text) ? JSON.parse(text, refuseLossy) : JSON.parse(text);
  } catch (error) {
    if (error instanceof InvalidRequest) throw error;
    throw malformed('must be JSON', error);
  }
  if (MAY_NAME_OR_SPELL.test(text)) refuseUnsafe(value);
  return value;
}

// Few texts are worth a second look. These two expressions find those that are, and some that are not.
const MAY_LOSE_DIGITS = /\d{16}|\d[eE]\+?\d{2}/;
const MAY_NAME_OR_SPELL = /__proto__|\\u/i;

/** JSON has numbers of any size; a double has not. One that would come out as another number is refused. */
function refuseLossy(_: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number') return value;
  const isWhole = /^-?\d+$/.test(context?.source ?? '');
  if (Number.isFinite(value) && (!isWhole || Number.isSafeInteger(value))) return value;
  throw malformed(`must not have the number ${context?.source?.slice(0, 30)}, which is too large`);
}

/**
 * Refuses a member `__proto__`, which replaces the prototype where an object is copied member by member,
 * and half a surrogate pair, which UTF-8 cannot hold. It keeps its own stack: a body can be deeper than ours.
 */
function refuseUnsafe(root: unknown): void {
  const pending = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === 'string' && !value.isWellFormed())
      throw malformed('must not have half a surrogate pair');
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) throw malformed('must not have a member __proto__');
    for (const [name, member] of Object.entries(value)) pending.push(name, member);
  }
}

const malformed = (reason: string, cause?: unknown) =>
  new InvalidRequest('The body cannot be read.', {
    errors: [{ in: 'body', pointer: '', reason }],
    cause,
  });
