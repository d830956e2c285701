import type { Connection, Model } from 'mongoose';
import { archiveOn } from './models/archived.ts';
import { idempotencyOn } from './models/idempotency.ts';
import { productsOn } from './models/product.ts';
import { Store } from './models/store.ts';

/*
 * Which collections there are in which database: a new one is entered here, so that its indexes are rolled
 * out as well.
 */

type AnyModel = Model<never>;

/** The primary's own database: the registry, the head catalog. */
export const modelsOfPrimary = (connection: Connection): AnyModel[] =>
  [productsOn(connection), idempotencyOn(connection), Store] as unknown as AnyModel[];

/** A store's database. */
export const modelsOfStore = (connection: Connection): AnyModel[] =>
  [productsOn(connection), idempotencyOn(connection)] as unknown as AnyModel[];

/** The secondary's database. */
export const modelsOfSecondary = (connection: Connection): AnyModel[] =>
  [archiveOn(connection)] as unknown as AnyModel[];
