import type { Connection, Model } from 'mongoose';
import { archiveOn } from '../models/archived.ts';
import { idempotencyOn } from '../models/idempotency.ts';
import { mirrorOn } from '../models/mirror.ts';
import { productsOn } from '../models/product.ts';
import { snapshotsOn } from '../models/snapshot.ts';
import { Store } from '../models/store.ts';
import { TransferLog } from '../models/transfer.ts';
import { watermarksOn } from '../models/watermark.ts';

/*
 * Which collections there are in the two servers' own databases: a new one is entered here, so that its
 * indexes are rolled out as well. Those of a store's database are in `models/in-store.ts`.
 */

type AnyModel = Model<never>;

/** The primary's own database: the registry, the head catalog. */
export const modelsOfPrimary = (connection: Connection): AnyModel[] =>
  [productsOn(connection), idempotencyOn(connection), Store, TransferLog] as unknown as AnyModel[];

/** The secondary's database. */
export const modelsOfSecondary = (connection: Connection): AnyModel[] =>
  [
    archiveOn(connection),
    mirrorOn(connection),
    snapshotsOn(connection),
    watermarksOn(connection),
  ] as unknown as AnyModel[];
