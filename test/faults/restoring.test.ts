import { describe, expect, it } from '@jest/globals';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as getArchived } from '../../functions/get-archived-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as restoreProduct } from '../../functions/restore-product.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';
import { nextCommand, sampleOf } from '../support/length.ts';
import type { Fate, WireProxy } from '../support/wire-proxy.ts';

/** Makes `proxy` cut the socket of every command from the n-th on, counted from one. */
function cutFrom(proxy: WireProxy, n: number, fate: Fate): void {
  let count = 0;
  proxy.decide = () => (++count >= n ? fate : 'pass');
}

type Path = Record<string, string>;

const inStore = async (path: Path) => (await call(getProduct, { path })).status === 200;
const inArchive = async (path: Path) => (await call(getArchived, { path })).status === 200;

/**
 * Restores a product while `proxy` fails from its n-th command on, and again with both servers available. A key
 * that could not be released stays locked for 30 s, so the second call uses another one.
 */
async function restoreThroughFault(proxy: WireProxy, n: number, fate: Fate, isKeyed: boolean) {
  await heal();
  const { product, path } = await addProduct({ store: await openStore() });
  await call(archiveProduct, { path });
  const restore = (key: string, timeLeft = 10_000) =>
    call(restoreProduct, {
      path,
      timeLeft,
      ...(isKeyed ? { headers: { 'idempotency-key': key } } : {}),
    });
  cutFrom(proxy, n, fate);
  const first = await restore('first', 1_500);
  await heal();
  if (first.status !== 201) expect(first.status).toBe(503);
  const wasInArchive = await inArchive(path);
  expect((await inStore(path)) || wasInArchive).toBe(true);

  const again = await restore('second');
  // 404 means that the archived record is gone, and so that the first call was completed.
  expect(again.status).toBe(wasInArchive ? 201 : 404);
  expect(await inArchive(path)).toBe(false);
  expect((await call(getProduct, { path })).body).toMatchObject({
    id: product.id,
    sku: product.sku,
    createdAt: product.createdAt,
    version: 2,
  });
  return first.status;
}

const faults = (['primary', 'secondary'] as const).flatMap((server) =>
  (['cut before', 'cut after'] as const).flatMap((fate) =>
    (['without a key', 'with a key'] as const).map((key) => [server, fate, key] as const),
  ),
);

describe('restoring', () => {
  it.each(sampleOf(faults, 3))(
    'leaves the product in the store only, whichever command to the %s is %s it runs, %s',
    async (server, fate, key) => {
      const proxy = server === 'primary' ? primaryProxy : secondaryProxy;
      const isKeyed = key === 'with a key';
      const statuses: number[] = [];
      for (let n = 1; statuses.at(-1) !== 201; n = nextCommand(n))
        statuses.push(await restoreThroughFault(proxy, n, fate, isKeyed));
      // Only the last round completed: its fault came after the last command. All others were interrupted.
      expect(statuses.length).toBeGreaterThan(1);
    },
    60_000,
  );
});

it('completes a restoration that was interrupted after its response was recorded, when the key is sent again', async () => {
  await heal();
  const { path } = await addProduct({ store: await openStore() });
  await call(archiveProduct, { path });
  const restore = () =>
    call(restoreProduct, { path, headers: { 'idempotency-key': 'one' }, timeLeft: 3_000 });
  secondaryProxy.decide = ({ name }) => (name === 'delete' ? 'cut before' : 'pass');
  expect(await restore()).toMatchObject({ status: 503 });
  await heal();
  expect([await inStore(path), await inArchive(path)]).toEqual([true, true]);
  // The product was written together with the key, which was not released: this is the recorded response.
  expect(await restore()).toMatchObject({ status: 201, body: { version: 2 } });
  expect([await inStore(path), await inArchive(path)]).toEqual([true, false]);
});

it('keeps a product in its store when its archiving was not completed', async () => {
  await heal();
  const { product, path } = await addProduct({ store: await openStore() });
  primaryProxy.decide = ({ name }) => (name === 'delete' ? 'cut before' : 'pass');
  expect(await call(archiveProduct, { path, timeLeft: 3_000 })).toMatchObject({ status: 503 });
  await heal();
  expect([await inStore(path), await inArchive(path)]).toEqual([true, true]);
  const restored = await call(restoreProduct, { path });
  expect(restored.status).toBe(201);
  expect(restored.body).toEqual({ ...product, version: 2, updatedAt: expect.any(String) });
  expect((await call(getProduct, { path })).body).toEqual(restored.body);
  expect(await inArchive(path)).toBe(false);
});
