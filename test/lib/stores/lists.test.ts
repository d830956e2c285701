import { describe, expect, it } from '@jest/globals';
import { primary } from '#lib/connections.ts';
import { activeStores } from '#lib/stores/lists.ts';
import { Registry, type StoreRecord } from '#lib/stores/record.ts';

const { signal } = new AbortController();

async function enter(id: string, changes: Partial<StoreRecord> = {}): Promise<void> {
  await primary();
  const entry = { name: 'A Store', currency: 'USD', status: 'active', version: 1 } as const;
  await Registry.create({ _id: id, ...entry, openedBy: 'a test', ready: true, ...changes });
}

describe('activeStores', () => {
  it('returns every active store once, by id, for any number of stores', async () => {
    const ids = Array.from({ length: 1_100 }, (_, i) => `s${String(i).padStart(4, '0')}`);
    await Promise.all(ids.map((id) => enter(id)));
    await enter('s0500-suspended', { status: 'suspended' });
    await enter('s0500-closing', { status: 'closing' });
    await enter('s0500-closed', { status: 'closed' });
    await enter('s0500-half-open', { ready: false });
    const found: string[] = [];
    for await (const id of activeStores('all', signal)) found.push(id);
    expect(found).toEqual(ids);
  });
});
