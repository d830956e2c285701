import { preferredType } from '../http/accept.ts';
import { type Answer, okText } from '../http/answers.ts';
import { etagOf, isFresh } from '../http/etag.ts';
import { packagedFile } from './packaged-file.ts';

/** A file of the function's package, and its media type. */
export interface FileToSend {
  /** Relative to the package's folder. */
  path: string;
  type: string;
}

/** The request headers that determine how a file is sent. */
interface FileHeaders {
  'accept-encoding': string;
  'if-none-match'?: string | undefined;
}

/** The files are public, and change only with a deployment. */
const CACHE_HEADERS = { 'cache-control': 'public, max-age=300', vary: 'accept-encoding' };

/**
 * Returns 200 with a file of the package and its ETag, compressed if the client accepts that; or 304 if the client has
 * the current version.
 */
export function okFileUnlessFresh(
  { path, type }: FileToSend,
  request: FileHeaders,
  headers: Record<string, string> = {},
): Answer<200, string> | Answer<304, null> {
  const file = packagedFile(path);
  const isZipped = preferredType(request['accept-encoding'], ['gzip']) !== undefined;
  const current = { version: isZipped ? `${file.version}-gzip` : file.version };
  const sent = { ...CACHE_HEADERS, etag: etagOf(current), ...headers };
  if (isFresh(request['if-none-match'], current)) return { status: 304, body: null, headers: sent };
  if (!isZipped) return okText(file.text, type, sent);
  const zipped = file.gzipped().toString('base64');
  return {
    ...okText(zipped, type, { ...sent, 'content-encoding': 'gzip' }),
    isBase64Encoded: true,
  };
}
