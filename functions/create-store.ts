import { created } from '../lib/answers.ts';
import { type Contract, jsonBody, type Request } from '../lib/contract.ts';
import { operation } from '../lib/operation.ts';
import { store, storeInput } from '../lib/schemas/store.ts';
import { openStore } from '../lib/stores.ts';

const contract = {
  name: 'create-store',
  summary: 'Opens a store, with a database of its own.',
  routes: ['POST /stores'],
  scope: 'stores:admin',
  body: jsonBody(storeInput),
  answers: { 201: store },
} as const satisfies Contract;

async function createStore({ url, body, signal }: Request<typeof contract>) {
  const opened = await openStore(body, signal);
  return created(opened, `${url}/${opened.id}`);
}

export const handler = operation(contract, createStore);
