import { afterEach, expect, it } from '@jest/globals';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler as reportDrift } from '../../functions/report-drift.ts';
import { heal, secondaryProxy } from '../support/behind-proxies.ts';
import { openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

afterEach(heal);

it('gives a walk through the archive up that takes too long, and walks again when asked again', async () => {
  const store = await openStore();
  await call(ingestArchive, { path: { store }, body: { odd: 1 } });
  secondaryProxy.decide = ({ name }) => (name === 'aggregate' ? 'hold' : 'pass');
  const late = await call(reportDrift, { query: { store }, timeLeft: 1_500 });
  expect([late.status, late.headers['retry-after']]).toEqual([503, expect.any(String)]);
  secondaryProxy.decide = () => 'pass';
  expect((await call(reportDrift, { query: { store } })).body.records).toBe(1);
});

it('walks on when its socket is cut', async () => {
  const store = await openStore();
  await call(ingestArchive, { path: { store }, body: { odd: 1 } });
  for (const fate of ['cut before', 'cut after'] as const) {
    let count = 0;
    secondaryProxy.decide = ({ name }) => (name === 'aggregate' && ++count === 1 ? fate : 'pass');
    expect(await call(reportDrift, { query: { store } })).toMatchObject({ body: { records: 1 } });
  }
});
