import { type Contract, jsonBody, type Request } from '../lib/contract.ts';
import { okWithTag } from '../lib/http/answers.ts';
import { operation } from '../lib/operation.ts';
import { StoreNotWritable } from '../lib/problems.ts';
import { ifMatch } from '../lib/schemas/headers.ts';
import { store, storePatch, storePath } from '../lib/schemas/store.ts';
import { patchStore } from '../lib/stores/store-changes.ts';
import { visibleStore } from '../lib/stores/visible-stores.ts';

const contract = {
  name: 'update-store',
  summary: 'Gives a store another name, suspends or resumes it, by a JSON merge patch.',
  routes: ['PATCH /stores/{store}'],
  scope: 'stores:admin',
  path: storePath,
  headers: ifMatch,
  body: jsonBody(storePatch, { types: ['application/merge-patch+json', 'application/json'] }),
  answers: { 200: store },
  answerHeaders: { 200: ['etag'] },
  problems: [StoreNotWritable],
} as const satisfies Contract;

async function updateStore({ caller, path, headers, body, signal }: Request<typeof contract>) {
  const change = {
    id: visibleStore(caller.stores, path.store),
    patch: body,
    ifMatch: headers['if-match'],
  };
  return okWithTag(await patchStore(change, signal));
}

export const handler = operation(contract, updateStore);
