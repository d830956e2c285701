import * as z from 'zod/mini';
import { currency, instant, line, page, pageOf, storeId } from './parts.ts';

/** A store as a caller opens it. */
export const storeInput = z.strictObject({ id: storeId, name: line(200), currency });
export type StoreInput = z.output<typeof storeInput>;

/** A store as it is answered. */
export const store = z.strictObject({
  id: storeId,
  name: line(200),
  currency,
  status: z.enum(['active', 'suspended', 'closing', 'closed']),
  version: z.int(),
  createdAt: instant,
  updatedAt: instant,
});
export type Store = z.output<typeof store>;

export const storePage = pageOf(store);
export const storePath = z.strictObject({ store: storeId });
export const storeQuery = z.strictObject(page);
