import { created } from '#lib/http/answers.ts';
import { type Contract, jsonBody, type Request } from '#lib/http/contract.ts';
import { idempotencyKey } from '#lib/http/headers.ts';
import { idempotencyKeyOf } from '#lib/http/idempotency-key.ts';
import { operation } from '#lib/http/operation.ts';
import {
  DifferentClusters,
  InsufficientStock,
  NotFound,
  StockTooLarge,
  StoreNotWritable,
} from '#lib/http/problems.ts';
import { transfer, transferInput } from '#lib/products/stock-schema.ts';
import { moveStock } from '#lib/products/transfers.ts';

const contract = {
  name: 'transfer-stock',
  summary: 'Transfers stock of a product from one store to another in one transaction.',
  routes: ['POST /transfers'],
  repeat: 'needs-key',
  scope: 'stock:write',
  headers: idempotencyKey,
  body: jsonBody(transferInput),
  answers: { 201: transfer },
  problems: [NotFound, StoreNotWritable, DifferentClusters, InsufficientStock, StockTooLarge],
} as const satisfies Contract;

async function transferStock(request: Request<typeof contract>) {
  return created(await moveStock(request.body, idempotencyKeyOf(request), request));
}

export const handler = operation(contract, transferStock);
