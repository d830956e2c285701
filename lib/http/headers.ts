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

/** For a change: only if the product is still the one that the caller knows. */
export const ifMatch = z.object({ 'if-match': tags });

/** For a read: only if it is not the one that the caller knows. */
export const ifNoneMatch = z.object({ 'if-none-match': tags });

/** For a request that creates or moves: the same key and body get the first answer again, for 24 hours. */
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

/** For an answer of several formats: which of them is wanted. */
export const accept = z.object({ accept: z._default(z.string(), '') });

/** For a file: only if it is not the one that the caller knows; and whether it may come compressed. */
export const forFiles = z.extend(ifNoneMatch, {
  'accept-encoding': z._default(z.string(), ''),
});
