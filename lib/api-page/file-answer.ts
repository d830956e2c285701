import { askedType } from '../http/accept.ts';
import { type Answer, okText } from '../http/answers.ts';
import { etagOf, isFresh } from '../http/etag.ts';
import { packagedFile } from './packaged-file.ts';

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
  headers: Record<string, string> = {},
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
