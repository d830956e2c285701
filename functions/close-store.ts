import { advanceClosing } from '#lib/archive/closing.ts';
import { accepted, ok } from '#lib/http/answers.ts';
import { type Contract, LONG_TIME_LIMIT_MS, type Request } from '#lib/http/contract.ts';
import { expectedVersions } from '#lib/http/etag.ts';
import { ifMatch } from '#lib/http/headers.ts';
import { operation } from '#lib/http/operation.ts';
import { visibleStore } from '#lib/http/visible-stores.ts';
import { storeClosing, storePath } from '#lib/stores/schema.ts';

const contract = {
  name: 'close-store',
  summary:
    'Archives the products of a store, then drops its database. Repeat it until the store is closed.',
  routes: ['DELETE /stores/{store}'],
  repeat: 'safe',
  scope: 'stores:admin',
  servers: ['primary', 'secondary'],
  timeLimitMs: LONG_TIME_LIMIT_MS,
  path: storePath,
  headers: ifMatch,
  answers: { 200: storeClosing, 202: storeClosing },
  answerHeaders: { 202: ['retry-after'] },
} as const satisfies Contract;

async function closeStore({ caller, path, headers, signal }: Request<typeof contract>) {
  const store = {
    id: visibleStore(caller.stores, path.store),
    expected: expectedVersions(headers['if-match']),
  };
  const { progress, secondsToWait } = await advanceClosing(store, signal);
  return progress.status === 'closed' ? ok(progress) : accepted(progress, secondsToWait);
}

export const handler = operation(contract, closeStore);
