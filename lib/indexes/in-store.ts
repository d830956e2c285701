import type { Connection, Model } from 'mongoose';
import { idempotencyOn } from '../idempotency/record.ts';
import { productsOn } from '../products/record.ts';

/** The collections of a store's database: a new one is entered here, and made when a store is opened. */
export const modelsOfStore = (connection: Connection): Model<never>[] =>
  [productsOn(connection), idempotencyOn(connection)] as unknown as Model<never>[];
