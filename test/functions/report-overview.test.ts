import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from '#lib/stores/record.ts';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler } from '../../functions/report-overview.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

beforeAll(async () => {
  const store = await openStore();
  const suspended = await openStore();
  await Registry.updateOne({ _id: suspended }, { status: 'suspended' });
  await Registry.collection.insertOne({ _id: 'half' as never, status: 'active', ready: false });
  await addProduct({});
  const { path } = await addProduct({ store });
  await call(archiveProduct, { path });
  await call(ingestArchive, { path: { store }, body: [{ n: 1 }, { n: 2 }] });
});
afterEach(heal);

const primaryFigures = {
  status: 'answered',
  ms: expect.any(Number),
  stores: { total: 2, active: 1, suspended: 1, closing: 0, closed: 0 },
  headProducts: 1,
};
const secondaryFigures = {
  status: 'answered',
  ms: expect.any(Number),
  mirrorProducts: 0,
  archived: { catalog: 1, ingest: 2 },
};
const missing = { status: 'missing', ms: expect.any(Number), reason: expect.any(String) };

describe('report-overview', () => {
  it('returns the figures of both servers', async () => {
    const { status, body } = await call(handler);
    expect([status, body]).toEqual([
      200,
      { primary: primaryFigures, secondary: secondaryFigures, missing: [], clusters: [] },
    ]);
  });

  it('lists the secondary as missing while it is unavailable, and returns its figures again afterwards', async () => {
    await secondaryProxy.shut();
    const { status, body } = await call(handler);
    expect([status, body]).toEqual([
      200,
      { primary: primaryFigures, secondary: missing, missing: ['secondary'], clusters: [] },
    ]);
    await secondaryProxy.listen();
    expect((await call(handler)).body.missing).toEqual([]);
  });

  it('lists the primary as missing while it is unavailable', async () => {
    await primaryProxy.shut();
    const { status, body } = await call(handler);
    expect([status, body]).toEqual([
      200,
      { primary: missing, secondary: secondaryFigures, missing: ['primary'], clusters: [] },
    ]);
  });

  it('lists a server as missing that does not respond within its timeout', async () => {
    secondaryProxy.decide = () => 'hold';
    const { status, body } = await call(handler, { timeLeft: 25_000 });
    expect([status, body.missing]).toEqual([200, ['secondary']]);
    expect(body.primary).toEqual(primaryFigures);
    expect(body.secondary.reason).toBe('The server did not respond in time.');
  });

  it('answers 503 when neither server is available, and reveals nothing about them', async () => {
    await primaryProxy.shut();
    await secondaryProxy.shut();
    const { status, headers, body } = await call(handler);
    expect([status, headers['retry-after']]).toEqual([503, expect.any(String)]);
    expect(body).toMatchObject({ missing: ['primary', 'secondary'], primary: missing });
    expect(JSON.stringify(body)).not.toMatch(/127\.0|ECONN|mongo[^:s]|selection/i);
  });
});
