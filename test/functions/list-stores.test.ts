import { beforeAll, describe, expect, it } from '@jest/globals';
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
