import * as z from 'zod/mini';
import { TAG_LIST } from '../etag.ts';

const tags = z.optional(
  z
    .string()
    .check(
      z.maxLength(1_000),
      z.regex(TAG_LIST, { error: 'must be a list of entity tags in double quotes, or *' }),
    ),
);

/** For a change: only if the product is still the one that the caller knows. */
export const ifMatch = z.object({ 'if-match': tags });

/** For a read: only if it is not the one that the caller knows. */
export const ifNoneMatch = z.object({ 'if-none-match': tags });
