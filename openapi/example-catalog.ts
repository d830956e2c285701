import { secondary } from '#lib/connections.ts';
import { snapshotsOn } from '#lib/reports/snapshot-record.ts';
import { Registry } from '#lib/stores/record.ts';
import { handler as syncMirror } from '../functions/sync-mirror.ts';
import { contextOf } from '../local/gateway-event.ts';
import { dropSampleStores, provisionSample, seedSampleCatalog } from '../local/sample-catalog.ts';
import { EXAMPLE } from './example-requests.ts';

/** A suspended store, which does not accept changes. */
export const SUSPENDED = 'umbrella';

const BEFORE = new Date('2026-11-20T08:00:00.000Z');

/** The days that have a snapshot. */
const DAYS = ['2026-11-20', '2026-11-21'];

/**
 * Creates the sample catalog, and what the examples of responses need in addition: a suspended store, snapshots and a
 * mirror. The data must not exist yet.
 */
export async function seedExamples(): Promise<void> {
  await seedSampleCatalog(BEFORE);
  const suspended = { id: SUSPENDED, name: 'Umbrella', currency: 'EUR' };
  await provisionSample(suspended, AbortSignal.timeout(20_000));
  await Registry.updateOne({ _id: SUSPENDED }, { $set: { status: 'suspended', version: 2 } });
  await snapshotsOn(await secondary()).insertMany(DAYS.map(figuresOn));
  await syncMirror({}, contextOf(syncMirror));
}

const figuresOn = (date: string) => ({
  _id: `${EXAMPLE.store}/${date}`,
  store: EXAMPLE.store,
  date,
  products: 3,
  units: 77,
  value: [{ currency: 'USD', amount: 2_584_923 }],
  lowStock: 0,
  takenAt: new Date(`${date}T00:05:00.000Z`),
  syncedAt: new Date(`${date}T00:03:00.000Z`),
});

/** Drops the databases of the example stores. */
export const dropExampleStores = (): Promise<void> => dropSampleStores(SUSPENDED, EXAMPLE.created);
