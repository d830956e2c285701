import { okWithTag } from '#lib/http/answers.ts';
import { type Contract, jsonBody, LONG_TIME_LIMIT_MS, type Request } from '#lib/http/contract.ts';
import { expectedVersions } from '#lib/http/etag.ts';
import { ifMatch } from '#lib/http/headers.ts';
import { operation } from '#lib/http/operation.ts';
import { StoreNotWritable } from '#lib/http/problems.ts';
import { visibleStore } from '#lib/http/visible-stores.ts';
import { patchStore } from '#lib/stores/changes.ts';
import { store, storePatch, storePath } from '#lib/stores/schema.ts';

const contract = {
  name: 'update-store',
  summary: 'Renames, suspends or resumes a store with a JSON merge patch.',
  routes: ['PATCH /stores/{store}'],
  repeat: 'safe',
  scope: 'stores:admin',
  timeLimitMs: LONG_TIME_LIMIT_MS,
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
    expected: expectedVersions(headers['if-match']),
  };
  return okWithTag(await patchStore(change, signal));
}

export const handler = operation(contract, updateStore);
