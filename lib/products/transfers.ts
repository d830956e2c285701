import { ensureIndexes, transaction } from '@manystore/connections';
import { type mongo, Types } from 'mongoose';
import { primary } from '../connections.ts';
import type { Caller } from '../http/caller.ts';
import { NotFound } from '../http/problems.ts';
import { type KeyedRequest, once } from '../idempotency/idempotency.ts';
import { openCatalog, type StoreCatalog } from './catalog.ts';
import { changeStock } from './stock.ts';
import type { Transfer, TransferInput } from './stock-schema.ts';
import { TransferLog, type TransferRecord } from './transfer-record.ts';

type TransferRequest = KeyedRequest & { caller: Caller; body: TransferInput };

/**
 * Moves pieces of a product from one store to another: one transaction over the two stores' databases and the
 * record of the transfer. All of it is there afterwards, or nothing.
 *
 * @throws {NotFound} when one of the stores is not there, or has no product of that SKU
 * @throws {StoreNotWritable} when one of them takes no changes
 * @throws {InsufficientStock} when the first has too few
 * @throws {StockTooLarge} when the second would have more than a stock can hold
 */
export async function movePieces(request: TransferRequest): Promise<Transfer> {
  const { body, signal } = request;
  using from = await openSide(request, 'from');
  using to = await openSide(request, 'to');
  await ensureIndexes(TransferLog, signal);
  const database = await primary(signal);
  // It names the transfer however often the transaction runs.
  const _id = new Types.ObjectId();
  const move = async (session: mongo.ClientSession) => {
    const sides = [
      () => moveOne(from, body, -body.quantity, { signal, session }),
      () => moveOne(to, body, body.quantity, { signal, session }),
    ];
    // Always the same store first: of two transfers in opposite directions, one waits for the other at its
    // first step, instead of each taking one product and giving it up for the other's.
    if (body.to < body.from) sides.reverse();
    for (const side of sides) await side();
    const record: TransferRecord = { _id, ...body, createdAt: new Date() };
    await TransferLog.collection.insertOne(record, { signal, session });
    return transferFrom(record);
  };
  return once(from.products.db, request, (session) =>
    session ? move(session) : transaction(database, move, signal),
  );
}

/** @throws {NotFound} which says which of the two stores it is */
async function openSide(
  { caller, body, signal }: TransferRequest,
  side: 'from' | 'to',
): Promise<StoreCatalog> {
  try {
    return await openCatalog({ path: { store: body[side] }, caller, signal }, 'write');
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    throw notFound(`/${side}`, 'There is no such store.', 'must be a store');
  }
}

async function moveOne(
  side: StoreCatalog,
  { sku }: TransferInput,
  by: number,
  { signal, session }: { signal: AbortSignal; session: mongo.ClientSession },
): Promise<void> {
  try {
    await changeStock(side, { sku }, by, signal, session);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    const text = `The store ${side.store.id} has no product of this SKU.`;
    throw notFound('/sku', text, 'must be a product of both stores');
  }
}

const notFound = (pointer: string, detail: string, reason: string) =>
  new NotFound(detail, { errors: [{ in: 'body', pointer, reason }] });

const transferFrom = ({ _id, createdAt, ...rest }: TransferRecord): Transfer => ({
  id: _id.toHexString(),
  ...rest,
  createdAt: createdAt.toISOString(),
});
