import { beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from '#lib/stores/record.ts';
import { handler } from '../../functions/list-stores.ts';
import { openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

const opened: string[] = [];
beforeAll(async () => {
  for (let i = 0; i < 5; i++) opened.push(await openStore());
});

describe('list-stores', () => {
  it('lists every store once, by id, page by page', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = cursor ? { limit: '2', cursor } : { limit: '2' };
      const { status, headers, body } = await call(handler, { query });
      expect(status).toBe(200);
      expect(headers.link ?? null).toBe(
        body.next && `</stores?limit=2&cursor=${encodeURIComponent(body.next)}>; rel="next"`,
      );
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.next;
    } while (cursor);
    expect(seen).toEqual([...opened].sort());
  });

  it('lists the stores of a cluster, also those from before there were clusters', async () => {
    const elsewhere = [
      await openStore({ cluster: 'eu-1' }),
      await openStore({ cluster: 'eu-1' }),
    ].sort();
    await Registry.updateOne({ _id: opened[0] as string }, { $unset: { cluster: 1 } });
    const idsOn = async (cluster: string) => {
      const { body } = await call(handler, { query: { cluster } });
      for (const item of body.items) expect(item.cluster).toBe(cluster);
      return body.items.map(({ id }: { id: string }) => id);
    };
    expect(await idsOn('eu-1')).toEqual(elsewhere);
    expect(await idsOn('primary')).toEqual([...opened].sort());
    expect(await idsOn('eu-2')).toEqual([]);
  });

  it('rejects a cursor of another cluster with 400', async () => {
    const { body } = await call(handler, { query: { cluster: 'eu-1', limit: '1' } });
    const query = { cluster: 'primary', limit: '1', cursor: body.next };
    expect(await call(handler, { query })).toMatchObject({ status: 400 });
  });

  it.each(['0', '101', '-1', '1.5', 'ten', '', '2,3', '1e1', '007'])(
    'rejects the limit %j with 400',
    async (limit) => {
      const { status, body } = await call(handler, { query: { limit } });
      expect(status).toBe(400);
      expect(body.errors).toMatchObject([{ in: 'query', pointer: '/limit' }]);
    },
  );

  it('rejects an unknown parameter with 400', async () => {
    const { status, body } = await call(handler, { query: { offset: '10' } });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ in: 'query', pointer: '/offset' }]);
  });
});
