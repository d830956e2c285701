import { afterAll, expect, it } from '@jest/globals';
import { handler as archiveProduct } from '../../../functions/archive-product.ts';
import { handler as syncMirror } from '../../../functions/sync-mirror.ts';
import { handler as updateProduct } from '../../../functions/update-product.ts';
import { addProduct, openStore } from '../../support/catalog.ts';
import { call, invoke } from '../../support/gateway.ts';
import { closeDirect, expectMirrorOf, registry } from '../../support/mirror.ts';

afterAll(closeDirect);

/** Pseudorandom numbers, which are the same for the same seed. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

it.each([1, 2, 3, 4, 5])(
  'equals the stores after any changes between and during syncs (seed %d)',
  async (seed) => {
    const below = numbersFrom(seed);
    const stores = [await openStore(), await openStore(), await openStore()];
    const living: { store: string; product: string }[] = [];
    const running: Promise<unknown>[] = [];
    const pick = () => living[below(living.length)];
    const sync = () => invoke(syncMirror, { stores });

    const steps: (() => Promise<unknown>)[] = [
      async () => {
        const store = stores[below(stores.length)] as string;
        living.push((await addProduct({ store })).path as never);
      },
      async () => {
        const path = pick();
        if (path) await call(updateProduct, { path, body: { stock: below(1_000) } });
      },
      async () => {
        const path = pick();
        if (!path) return;
        living.splice(living.indexOf(path), 1);
        await call(archiveProduct, { path });
      },
      async () => {
        const name = `Name ${below(1_000)}`;
        const change = { $set: { name, updatedAt: new Date() } };
        await registry().updateOne({ _id: stores[below(stores.length)] as string }, change);
      },
      sync,
      async () => running.push(sync()),
    ];
    const weights = [5, 5, 2, 1, 1, 2];
    const deck = steps.flatMap((step, n) => Array.from({ length: weights[n] ?? 0 }, () => step));
    for (let n = 0; n < 120; n++) {
      const step = deck[below(deck.length)] as () => Promise<unknown>;
      // Some steps are not awaited: they run concurrently with the next ones.
      if (below(3) === 0) running.push(step());
      else await step();
    }
    await Promise.all(running);
    expect(await sync()).toMatchObject({ stores: 3, failed: 0, remaining: 0 });
    await expectMirrorOf(stores);
  },
  60_000,
);
