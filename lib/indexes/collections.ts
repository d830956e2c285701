import type { Connection, Model } from 'mongoose';
import { archiveOn } from '../archive/record.ts';
import { idempotencyOn } from '../idempotency/record.ts';
import { mirrorOn } from '../mirror/record.ts';
import { watermarksOn } from '../mirror/watermark-record.ts';
import { productsOn } from '../products/record.ts';
import { TransferLog } from '../products/transfer-record.ts';
import { snapshotsOn } from '../reports/snapshot-record.ts';
import { Store } from '../stores/record.ts';

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
