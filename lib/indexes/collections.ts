import type { Connection, Model } from 'mongoose';
import { archiveOn } from '../archive/record.ts';
import { idempotencyOn } from '../idempotency/record.ts';
import { mirrorOn } from '../mirror/record.ts';
import { watermarksOn } from '../mirror/watermark-record.ts';
import { productsOn } from '../products/record.ts';
import { transfersOn } from '../products/transfer-record.ts';
import { driftOn } from '../reports/drift-record.ts';
import { snapshotsOn } from '../reports/snapshot-record.ts';
import type { Server } from '../runtime/servers.ts';
import { changeMarksOn } from '../stores/change-marks.ts';
import { Registry } from '../stores/record.ts';

/** The kinds of databases: the own database of each server and of each other cluster, and the database of a store. */
export type DatabaseKind = Server | 'cluster' | 'store';

type AnyModel = Model<never>;

/** The models of the collections in each kind of database. A model in this list gets its indexes created and rolled out. */
const COLLECTIONS: Record<DatabaseKind, ((database: Connection) => unknown)[]> = {
  primary: [productsOn, idempotencyOn, () => Registry, transfersOn, changeMarksOn],
  cluster: [transfersOn, changeMarksOn],
  store: [productsOn, idempotencyOn],
  secondary: [archiveOn, mirrorOn, snapshotsOn, watermarksOn, driftOn],
};

/** Returns the models of all collections of a database, bound to the connection to it. */
export const modelsIn = (kind: DatabaseKind, database: Connection): AnyModel[] =>
  COLLECTIONS[kind].map((modelOn) => modelOn(database) as AnyModel);
