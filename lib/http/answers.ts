import { etagOf, isFresh } from './etag.ts';

/** The result of an operation, before it becomes an HTTP response. */
export interface Answer<Status extends number = number, Body = unknown> {
  status: Status;
  body: Body;
  headers: Record<string, string>;
  /** The media type of a body that is already text; without it, the body is serialized as JSON. */
  type?: string;
  /** Whether the text is base64-encoded bytes, as Lambda requires for binary content. */
  isBase64Encoded?: boolean;
}

type Headers = Record<string, string>;

/** 200 */
export const ok = <Body>(body: Body, headers: Headers = {}): Answer<200, Body> => ({
  status: 200,
  body,
  headers,
});

/** 200 with the ETag of a version, or 304 if `If-None-Match` matches it. */
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

/** 201, with the created resource's location, if it has one, and its ETag, if it has a version. */
export const created = <Body extends object>(body: Body, location?: string): Answer<201, Body> => ({
  status: 201,
  body,
  headers: {
    ...(location === undefined ? {} : { location }),
    ...(isVersioned(body) ? { etag: etagOf(body) } : {}),
  },
});

/** 200, with text of the media type `type`. */
export const okText = (body: string, type: string, headers: Headers = {}): Answer<200, string> => ({
  ...ok(body, headers),
  type,
});

/** 202: the work is not finished. The client repeats the request after `retryAfter` seconds to continue it. */
export const accepted = <Body>(body: Body, retryAfter: number): Answer<202, Body> => ({
  status: 202,
  body,
  headers: { 'retry-after': String(retryAfter) },
});

/** 302: the client continues at `location`, which may be relative to the requested URL. */
export const found = (location: string): Answer<302, null> => ({
  status: 302,
  body: null,
  headers: { location },
});

/** 204 */
export const noContent = (): Answer<204, null> => ({ status: 204, body: null, headers: {} });

const isVersioned = (body: object): body is { version: number } => 'version' in body;
