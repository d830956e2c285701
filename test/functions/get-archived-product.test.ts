import { describe, expect, it } from '@jest/globals';
import { handler } from '../../functions/get-archived-product.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

describe('get-archived-product', () => {
  it('returns the record, with what the archive adds in _archive', async () => {
    const store = await openStore();
    const { body } = await call(ingestArchive, { path: { store }, body: { name: 'Desk Lamp' } });
    const [id] = body.archived;
    const read = await call(handler, { path: { store, product: id } });
    expect(read.status).toBe(200);
    expect(read.body).toEqual({
      id,
      name: 'Desk Lamp',
      _archive: { id, store, source: 'ingest', archivedAt: expect.stringMatching(/Z$/) },
    });
  });

  it('answers 404 for a record of another store', async () => {
    const [store, elsewhere] = [await openStore(), await openStore()];
    const { body } = await call(ingestArchive, { path: { store }, body: { name: 'Desk Lamp' } });
    const path = { store: elsewhere, product: body.archived[0] };
    expect(await call(handler, { path })).toMatchObject({ status: 404 });
  });
});
