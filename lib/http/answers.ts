import { packagedFile } from '../api-page/packaged-file.ts';
import { askedType } from './accept.ts';
import { etagOf, isFresh } from './etag.ts';

/** What an operation answers, before it becomes an HTTP response. */
export interface Answer<Status extends number = number, Body = unknown> {
  status: Status;
  body: Body;
  headers: Record<string, string>;
  /** The media type of a body that is text already; without it, the body is answered as JSON. */
  type?: string;
  /** The text is bytes, as base64: so they go through Lambda. */
  isBase64Encoded?: boolean;
}

type Headers = Record<string, string>;

/** 200 */
export const ok = <Body>(body: Body, headers: Headers = {}): Answer<200, Body> => ({
  status: 200,
  body,
  headers,
});

/** 200 with the ETag of a version; or 304 when `If-None-Match` says that the caller has it already. */
export function okUnlessFresh<Body extends { version: number }>(
  body: Body,
  ifNoneMatch: string | undefined,
): Answer<200, Body> | Answer<304, null> {
  const headers = { etag: etagOf(body) };
  return isFresh(ifNoneMatch, body) ? { status: 304, body: null, headers } : ok(body, headers);
}

/** 200 with the ETag of a version. */
export const okWithTag = <Body extends { version: number }>(body: Body): Answer<200, Body> =>
  ok(body, { etag: etagOf(body) });

/** 201, with the address of what was created, if it has one, and its ETag if it has a version. */
export const created = <Body extends object>(body: Body, location?: string): Answer<201, Body> => ({
  status: 201,
  body,
  headers: {
    ...(location === undefined ? {} : { location }),
    ...(isVersioned(body) ? { etag: etagOf(body) } : {}),
  },
});

/** A file of the package, and its media type. */
export interface FileToSend {
  /** From the package's folder. */
  path: string;
  type: string;
}

/** What a request says of a file that it asks for. */
interface FileHeaders {
  'accept-encoding': string;
  'if-none-match'?: string | undefined;
}

/** A file changes with a deployment only, and is the same for everybody. */
const KEPT = { 'cache-control': 'public, max-age=300', vary: 'accept-encoding' };

/**
 * 200 with a file of the package, compressed if the caller takes that, and the ETag of what is sent; or 304 when the
 * caller has it already.
 */
export function okFileUnlessFresh(
  { path, type }: FileToSend,
  asked: FileHeaders,
  headers: Headers = {},
): Answer<200, string> | Answer<304, null> {
  const file = packagedFile(path);
  const isZipped = askedType(asked['accept-encoding'], ['gzip']) !== undefined;
  const current = { version: isZipped ? `${file.version}-gzip` : file.version };
  const sent = { ...KEPT, etag: etagOf(current), ...headers };
  if (isFresh(asked['if-none-match'], current)) return { status: 304, body: null, headers: sent };
  if (!isZipped) return okText(file.text, type, sent);
  const zipped = file.gzipped().toString('base64');
  return {
    ...okText(zipped, type, { ...sent, 'content-encoding': 'gzip' }),
    isBase64Encoded: true,
  };
}

/** 200, with text of the media type `type`. */
export const okText = (body: string, type: string, headers: Headers = {}): Answer<200, string> => ({
  ...ok(body, headers),
  type,
});

/** 202: there is more to do. The same request goes on with it, after `retryAfter` seconds. */
export const accepted = <Body>(body: Body, retryAfter: number): Answer<202, Body> => ({
  status: 202,
  body,
  headers: { 'retry-after': String(retryAfter) },
});

/** 204 */
export const noContent = (): Answer<204, null> => ({ status: 204, body: null, headers: {} });

const isVersioned = (body: object): body is { version: number } => 'version' in body;
