import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { BodyContract } from './contract.ts';
import { MalformedText } from './json.ts';
import { ContentTooLarge, InvalidRequest, UnsupportedMediaType } from './problems.ts';

/**
 * What a request's body says, read as its media type tells; undefined when there is none and the contract
 * does without.
 *
 * @throws {UnsupportedMediaType} when the content type is missing, not one of the contract's, or not UTF-8; and
 *   when the body is compressed, which API Gateway does not undo
 * @throws {ContentTooLarge} when the body has more bytes than the contract allows
 * @throws {InvalidRequest} when there is no body, or it is not what its type says, in UTF-8
 */
export function readBody(event: APIGatewayProxyEventV2, contract: BodyContract): unknown {
  // The gateway leaves out a body that is not there; its stand-in sends null.
  const body = event.body ?? '';
  // The gateway hands on as text what it has decoded itself: that need not be encoded again to be read.
  const content = event.isBase64Encoded ? Buffer.from(body, 'base64') : body;
  const bytes = Buffer.byteLength(content);
  if (bytes === 0 && contract.optional) return undefined;
  requirePlain(event.headers['content-encoding']);
  const read = readerFor(event.headers['content-type'], contract.types);
  if (bytes > contract.maxBytes)
    throw new ContentTooLarge(`The request body exceeds the limit of ${contract.maxBytes} bytes.`);
  if (bytes === 0) throw malformed('must not be empty');
  try {
    return read(textOf(content));
  } catch (error) {
    if (error instanceof MalformedText) throw malformed(error.reason, error.cause);
    throw error;
  }
}

function requirePlain(encoding: string | undefined): void {
  if (!encoding || encoding.trim().toLowerCase() === 'identity') return;
  throw new UnsupportedMediaType(
    'The request body has a content encoding, which is not supported. Send it uncompressed.',
    {
      errors: [
        { in: 'headers', pointer: '/content-encoding', reason: 'must be absent or identity' },
      ],
      headers: { 'accept-encoding': 'identity' },
    },
  );
}

function readerFor(header: string | undefined, types: BodyContract['types']) {
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  const isUtf8 = !charset || /^charset="?utf-8"?$/.test(charset);
  const read = Object.hasOwn(types, type.trim()) && types[type.trim()];
  if (read && isUtf8) return read;
  throw new UnsupportedMediaType(
    `The media type or charset of the request body is not supported. Send ${Object.keys(types).join(' or ')} in UTF-8.`,
  );
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A byte order mark at the start is not a part of the text (RFC 8259, section 8.1): TextDecoder takes it off. */
function textOf(content: Buffer | string): string {
  if (typeof content === 'string') return content.toWellFormed().replace(/^\ufeff/, '');
  try {
    return utf8.decode(content);
  } catch {
    throw new MalformedText('must be valid UTF-8');
  }
}

const malformed = (reason: string, cause?: unknown) =>
  new InvalidRequest('The request body cannot be parsed.', {
    errors: [{ in: 'body', pointer: '', reason }],
    cause,
  });
