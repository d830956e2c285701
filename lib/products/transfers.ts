import { ensureIndexes } from '@manystore/connections';
import { type mongo, Types } from 'mongoose';
import { leaseCluster, serverNow } from '../connections.ts';
import { Collection } from '../documents/collection.ts';
import { inTransaction } from '../documents/tracked-write.ts';
import type { IdempotencyKey } from '../http/idempotency-key.ts';
import { storedForms } from '../http/lines.ts';
import { DifferentClusters, NotFound } from '../http/problems.ts';
import { visibleStore } from '../http/visible-stores.ts';
import { runExactlyOnce } from '../idempotency/idempotency.ts';
import { type AdmittedStore, admitStore } from '../stores/registry.ts';
import { type Access, catalogOf, type StoreCatalog, within } from './catalog.ts';
import { changeStock } from './stock.ts';
import type { Transfer, TransferInput } from './stock-schema.ts';
import { type TransferRecord, transfersOn } from './transfer-record.ts';

/**
 * Transfers units of a product from one store to another on the same cluster. Both stocks and the record of the transfer
 * are written in one transaction. The record is in the own database of the cluster.
 *
 * @throws {NotFound} when one of the stores does not exist, or has no product with the SKU
 * @throws {StoreNotWritable} when one of the stores does not accept changes
 * @throws {DifferentClusters} when the stores are not on the same cluster
 * @throws {InsufficientStock} when the stock of the first store would go below zero
 * @throws {StockTooLarge} when the stock of the second store would exceed the maximum
 */
export async function moveStock(
  input: TransferInput,
  key: IdempotencyKey | undefined,
  access: Access,
): Promise<Transfer> {
  const { signal } = access;
  const { quantity } = input;
  const from = await admitSide(input, 'from', access);
  const to = await admitSide(input, 'to', access);
  if (from.cluster !== to.cluster) throw new DifferentClusters();
  // The stores are always leased and updated in the order of their ids. Otherwise two transfers in opposite directions
  // could each lease or lock one of them, and then wait for, or conflict on, the other one.
  const [firstStore, secondStore] = to.id < from.id ? [to, from] : [from, to];
  using first = await catalogOf(firstStore, 'write', signal);
  using second = await catalogOf(secondStore, 'write', signal);
  using cluster = await leaseCluster(from.cluster, signal);
  const transfers = transfersOn(cluster.connection);
  await ensureIndexes(transfers, signal);
  // Created here, so that all attempts of the transaction use the same id.
  const _id = new Types.ObjectId();
  const createdAt = await serverNow(signal);
  const move = async (session: mongo.ClientSession) => {
    for (const side of [first, second])
      await moveOne(within(side, session), input, side.store === from ? -quantity : quantity);
    const record: TransferRecord = { _id, ...input, createdAt };
    await new Collection(transfers, signal, session).insertOne(record);
    return transferFrom(record);
  };
  const target = first.store === from ? first : second;
  return runExactlyOnce(target, key, (session) =>
    session ? move(session) : inTransaction(cluster.connection, move, signal),
  );
}

/** @throws {NotFound} with a fault that points to the store that does not exist */
async function admitSide(
  input: TransferInput,
  side: 'from' | 'to',
  { caller, signal }: Access,
): Promise<AdmittedStore> {
  try {
    return await admitStore(visibleStore(caller.stores, input[side]), 'write', signal);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    throw notFound(
      `/${side}`,
      'The store does not exist, or the token does not cover it.',
      'must be an existing store that the token covers',
    );
  }
}

async function moveOne(side: StoreCatalog, { sku }: TransferInput, by: number): Promise<void> {
  for (const form of storedForms(sku)) {
    try {
      await changeStock(side, { sku: form }, by);
      return;
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
    }
  }
  const text = `The store ${side.store.id} has no product with this SKU.`;
  throw notFound('/sku', text, 'must be the SKU of a product in both stores');
}

const notFound = (pointer: string, detail: string, reason: string) =>
  new NotFound(detail, { errors: [{ in: 'body', pointer, reason }] });

const transferFrom = ({ _id, createdAt, ...rest }: TransferRecord): Transfer => ({
  id: _id.toHexString(),
  ...rest,
  createdAt: createdAt.toISOString(),
});
