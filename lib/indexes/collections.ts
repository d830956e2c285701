import type { Connection, Model } from 'mongoose';
import { archiveOn } from '../archive/record.ts';
import { idempotencyOn } from '../idempotency/record.ts';
import { mirrorOn } from '../mirror/record.ts';
import { watermarksOn } from '../mirror/watermark-record.ts';
import { productsOn } from '../products/record.ts';
import { TransferLog } from '../products/transfer-record.ts';
import { snapshotsOn } from '../reports/snapshot-record.ts';
import type { Server } from '../runtime/servers.ts';
import { Registry } from '../stores/record.ts';

/** The databases that have collections: each server's own, and each store's. */
export type Place = Server | 'store';

type AnyModel = Model<never>;

/**
 * Which collections are in which place. A new collection is added here, so that its indexes are created with a
 * store and rolled out.
 */
const COLLECTIONS: Record<Place, ((database: Connection) => unknown)[]> = {
  primary: [productsOn, idempotencyOn, () => Registry, () => TransferLog],
  store: [productsOn, idempotencyOn],
  secondary: [archiveOn, mirrorOn, snapshotsOn, watermarksOn],
};

/** Returns the models of all collections in a place, on the connection to its database. */
export const modelsIn = (place: Place, database: Connection): AnyModel[] =>
  COLLECTIONS[place].map((modelOn) => modelOn(database) as AnyModel);
