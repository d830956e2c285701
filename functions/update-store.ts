import { okWithTag } from '../lib/answers.ts';
import { type Contract, jsonBody, type Request } from '../lib/contract.ts';
import { operation } from '../lib/operation.ts';
import { ifMatch } from '../lib/schemas/headers.ts';
import { store, storePatch, storePath } from '../lib/schemas/store.ts';
import { patchStore } from '../lib/store-changes.ts';

const contract = {
  name: 'update-store',
  summary: 'Gives a store another name, suspends or resumes it, by a JSON merge patch.',
  routes: ['PATCH /stores/{store}'],
  scope: 'stores:admin',
  path: storePath,
  headers: ifMatch,
  body: jsonBody(storePatch, { types: ['application/merge-patch+json', 'application/json'] }),
  answers: { 200: store },
} as const satisfies Contract;

async function updateStore({ path, headers, body, signal }: Request<typeof contract>) {
  const change = { id: path.store, patch: body, ifMatch: headers['if-match'] };
  return okWithTag(await patchStore(change, signal));
}

export const handler = operation(contract, updateStore);
