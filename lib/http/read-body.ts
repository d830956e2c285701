import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { breathe } from './breathe.ts';
import type { BodyContract } from './contract.ts';
import { MalformedText } from './json.ts';
import { ContentTooLarge, InvalidRequest, UnsupportedMediaType } from './problems.ts';

const LARGE_BYTES = 1_000_000;

/**
 * Parses a request's body according to its media type. Returns undefined for an empty body that is optional.
 *
 * @throws {UnsupportedMediaType} when the media type is missing or not in the contract, the charset is not UTF-8, or
 *   the body is compressed, which API Gateway does not decompress
 * @throws {ContentTooLarge} when the body exceeds the contract's limit
 * @throws {InvalidRequest} when a required body is empty, or the body cannot be parsed
 * @throws the reason of `signal` when it is aborted
 */
export async function readBody(
  event: APIGatewayProxyEventV2,
  contract: BodyContract,
  signal: AbortSignal,
): Promise<unknown> {
  // Without a body, API Gateway omits the member; serverless-offline sends null.
  const body = event.body ?? '';
  // API Gateway passes text that it has decoded, which need not be encoded again.
  const content = event.isBase64Encoded ? Buffer.from(body, 'base64') : body;
  const bytes = Buffer.byteLength(content);
  if (bytes === 0 && contract.optional) return undefined;
  requirePlain(event.headers['content-encoding']);
  const read = readerFor(event.headers['content-type'], contract.types);
  if (bytes > contract.maxBytes)
    throw new ContentTooLarge(`The request body exceeds the limit of ${contract.maxBytes} bytes.`);
  if (bytes === 0) throw malformed('must not be empty');
  try {
    const value = await read(textOf(content), signal);
    // Checking a large body takes as long as parsing it.
    if (bytes > LARGE_BYTES) await breathe(signal);
    return value;
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
  const exact = header !== undefined && Object.hasOwn(types, header) && types[header];
  if (exact) return exact;
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  const isUtf8 = !charset || /^charset="?utf-8"?$/.test(charset);
  const read = Object.hasOwn(types, type.trim()) && types[type.trim()];
  if (read && isUtf8) return read;
  throw new UnsupportedMediaType(
    `The media type or charset of the request body is not supported. Send ${Object.keys(types).join(' or ')} in UTF-8.`,
  );
}

/** Created for the first body: most functions have none, and Node loads its encodings for it. */
let utf8: InstanceType<typeof TextDecoder> | undefined;

/** Decodes UTF-8 and strips a leading byte order mark (RFC 8259, section 8.1), as TextDecoder does. */
function textOf(content: Buffer | string): string {
  if (typeof content === 'string') return content.toWellFormed().replace(/^\ufeff/, '');
  utf8 ??= new TextDecoder('utf-8', { fatal: true });
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
