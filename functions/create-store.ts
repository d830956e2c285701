import { created } from '../lib/answers.ts';
import { primary } from '../lib/connections.ts';
import { type Contract, jsonBody, type Request } from '../lib/contract.ts';
import { nameOf, onceRepeatable } from '../lib/idempotency.ts';
import { openStore } from '../lib/opening.ts';
import { operation } from '../lib/operation.ts';
import { idempotencyKey } from '../lib/schemas/headers.ts';
import { store, storeInput } from '../lib/schemas/store.ts';

const contract = {
  name: 'create-store',
  summary: 'Opens a store, with a database of its own.',
  routes: ['POST /stores'],
  scope: 'stores:admin',
  headers: idempotencyKey,
  body: jsonBody(storeInput),
  answers: { 201: store },
} as const satisfies Contract;

async function createStore(request: Request<typeof contract>) {
  const { url, body, signal } = request;
  const opened = await onceRepeatable(await primary(signal), request, () =>
    openStore(body, nameOf(request), signal),
  );
  return created(opened, `${url}/${opened.id}`);
}

export const handler = operation(contract, createStore);
