import * as z from 'zod/mini';
import { line, newLine } from '../http/lines.ts';
import { currency, instant, page, pageOf, storeId, version } from '../http/parts.ts';
import { CLUSTER_NAME } from '../runtime/cluster-names.ts';

const name = newLine(200);

const cluster = z.string().check(
  z.regex(CLUSTER_NAME, {
    error: 'must be 1 to 21 lowercase letters, digits and hyphens, and start with a letter',
  }),
);

/** The body of a request that creates a store. */
export const storeInput = z.strictObject({
  id: storeId,
  name,
  currency,
  cluster: z.optional(cluster),
});
export type StoreInput = z.output<typeof storeInput>;

/** A merge patch that renames, suspends or resumes a store. */
export const storePatch = z.strictObject({
  name: z.optional(name),
  status: z.optional(z.enum(['active', 'suspended'])),
});
export type StorePatch = z.output<typeof storePatch>;

/** A store in a response. */
export const store = z.strictObject({
  id: storeId,
  name: line(200),
  currency,
  cluster,
  status: z.enum(['active', 'suspended', 'closing', 'closed']),
  version,
  createdAt: instant,
  updatedAt: instant,
});
export type Store = z.output<typeof store>;

/** The progress of closing a store: the products archived since it started, and those that remain. */
export const storeClosing = z.strictObject({
  status: z.enum(['closing', 'closed']),
  archived: z.int(),
  remaining: z.int(),
});
export type StoreClosing = z.output<typeof storeClosing>;

export const storePage = pageOf(store);
export const storePath = z.strictObject({ store: storeId });
export const storeQuery = z.strictObject({ ...page, cluster: z.optional(cluster) });
export type StoreQuery = z.output<typeof storeQuery>;
