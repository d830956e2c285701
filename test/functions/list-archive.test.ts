import { describe, expect, it } from '@jest/globals';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler } from '../../functions/list-archive.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

describe('list-archive', () => {
  it('lists the archive of one store, the newest records first, page by page', async () => {
    const store = await openStore();
    const elsewhere = await openStore();
    await call(ingestArchive, { path: { store: elsewhere }, body: { n: 'elsewhere' } });
    await call(ingestArchive, { path: { store }, body: { n: 'first' } });
    await call(ingestArchive, { path: { store }, body: [{ n: 'second' }, { n: 'second, too' }] });
    const { product, path } = await addProduct({ store });
    await call(archiveProduct, { path });

    const seen: Record<string, unknown>[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: Record<string, string> = cursor ? { limit: '1', cursor } : { limit: '1' };
      const { status, body } = await call(handler, { path: { store }, query });
      expect(status).toBe(200);
      seen.push(...body.items);
      cursor = body.next;
    }
    expect(seen[0]).toMatchObject({ id: product.id, sku: product.sku });
    expect(
      seen
        .slice(1, 3)
        .map(({ n }) => n)
        .sort(),
    ).toEqual(['second', 'second, too']);
    expect(seen.slice(3)).toMatchObject([{ n: 'first' }]);
  });

  it("ends a page before it exceeds Lambda's limit, which counts it as a string in JSON", async () => {
    const store = await openStore();
    // A quote takes one byte, two in JSON, and four in JSON within JSON.
    const text = '"'.repeat(490_000);
    for (const n of [1, 2, 3, 4]) {
      const { status } = await call(ingestArchive, { path: { store }, body: { n, text } });
      expect(status).toBe(201);
    }
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: Record<string, string> = cursor ? { cursor } : {};
      const { body } = await call(handler, { path: { store }, query });
      expect(JSON.stringify(JSON.stringify(body)).length).toBeLessThan(6_000_000);
      seen.push(...body.items.map(({ n }: { n: number }) => n));
      cursor = body.next;
    }
    expect(seen).toEqual([4, 3, 2, 1]);
  });

  it('rejects a cursor of another store with 400', async () => {
    const [store, elsewhere] = [await openStore(), await openStore()];
    await call(ingestArchive, { path: { store }, body: [{ n: 1 }, { n: 2 }] });
    const { body } = await call(handler, { path: { store }, query: { limit: '1' } });
    const request = { path: { store: elsewhere }, query: { cursor: body.next } };
    expect(await call(handler, request)).toMatchObject({ status: 400 });
  });

  it('answers 404 for an unknown store', async () => {
    expect(await call(handler, { path: { store: 'nowhere' } })).toMatchObject({ status: 404 });
  });
});
