import * as z from 'zod/mini';
import { currency, instant, line, page, pageOf, storeId, version } from '../http/parts.ts';

/** A store as a caller opens it. */
export const storeInput = z.strictObject({ id: storeId, name: line(200), currency });
export type StoreInput = z.output<typeof storeInput>;

/** A merge patch of a store: a new name, or to suspend or resume it. */
export const storePatch = z.strictObject({
  name: z.optional(line(200)),
  status: z.optional(z.enum(['active', 'suspended'])),
});
export type StorePatch = z.output<typeof storePatch>;

/** A store as it is answered. */
export const store = z.strictObject({
  id: storeId,
  name: line(200),
  currency,
  status: z.enum(['active', 'suspended', 'closing', 'closed']),
  version,
  createdAt: instant,
  updatedAt: instant,
});
export type Store = z.output<typeof store>;

/** How far the closing of a store is: products in the archive since it began, and products that are left. */
export const storeClosing = z.strictObject({
  status: z.enum(['closing', 'closed']),
  archived: z.int(),
  remaining: z.int(),
});
export type StoreClosing = z.output<typeof storeClosing>;

export const storePage = pageOf(store);
export const storePath = z.strictObject({ store: storeId });
export const storeQuery = z.strictObject(page);
