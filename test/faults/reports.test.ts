import { afterEach, expect, it } from '@jest/globals';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler as reportDrift } from '../../functions/report-drift.ts';
import { heal, secondaryProxy } from '../support/behind-proxies.ts';
import { openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

afterEach(heal);

it('answers 503 when reading the archive takes too long, and 200 to the next request', async () => {
  const store = await openStore();
  await call(ingestArchive, { path: { store }, body: { odd: 1 } });
  secondaryProxy.decide = ({ name }) => (name === 'aggregate' ? 'hold' : 'pass');
  const late = await call(reportDrift, { query: { store }, timeLeft: 1_500 });
  expect([late.status, late.headers['retry-after']]).toEqual([503, expect.any(String)]);
  secondaryProxy.decide = () => 'pass';
  expect((await call(reportDrift, { query: { store } })).body.records).toBe(1);
});

it('continues to read the archive after its socket was cut', async () => {
  const store = await openStore();
  await call(ingestArchive, { path: { store }, body: { odd: 1 } });
  for (const fate of ['cut before', 'cut after'] as const) {
    let count = 0;
    secondaryProxy.decide = ({ name }) => (name === 'aggregate' && ++count === 1 ? fate : 'pass');
    expect(await call(reportDrift, { query: { store } })).toMatchObject({ body: { records: 1 } });
  }
});
