import * as z from 'zod/mini';
import { TAG_LIST } from './etag.ts';

const tags = z.optional(
  z
    .string()
    .check(
      z.maxLength(1_000),
      z.regex(TAG_LIST, { error: 'must be a comma-separated list of quoted entity tags, or *' }),
    ),
);

/** For a change that is made only if the resource still has a version that the client knows. */
export const ifMatch = z.object({ 'if-match': tags });

/** For a read whose body is sent only if the client does not have the current version. */
export const ifNoneMatch = z.object({ 'if-none-match': tags });

/**
 * For a request that creates or moves something: a retry with the same key and body returns the first response. A key
 * belongs to its caller, and to the store that the request changes.
 */
export const idempotencyKey = z.object({
  'idempotency-key': z.optional(
    z
      .string()
      .check(
        z.minLength(1),
        z.maxLength(255),
        z.regex(/^[\x21-\x7e]*$/, { error: 'must be printable ASCII characters, without spaces' }),
      ),
  ),
});

/** For a response in one of several formats. */
export const accept = z.object({ accept: z._default(z.string(), '') });

/** For a file: whether the client has the current version, and accepts compression. */
export const forFiles = z.extend(ifNoneMatch, {
  'accept-encoding': z._default(z.string(), ''),
});
