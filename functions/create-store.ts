import type { Connection } from 'mongoose';
import { primary } from '#lib/connections.ts';
import { created } from '#lib/http/answers.ts';
import { requireAllStores, requireCover } from '#lib/http/caller.ts';
import { type Contract, jsonBody, LONG_TIME_LIMIT_MS, type Request } from '#lib/http/contract.ts';
import { idempotencyKey } from '#lib/http/headers.ts';
import { idempotencyKeyOf, requestIdentity } from '#lib/http/idempotency-key.ts';
import { operation } from '#lib/http/operation.ts';
import { BeingOpened, DuplicateKey, UnknownCluster } from '#lib/http/problems.ts';
import { runAtLeastOnce } from '#lib/idempotency/idempotency.ts';
import { modelsIn } from '#lib/indexes/collections.ts';
import { provisionStore } from '#lib/stores/provisioning.ts';
import { store, storeInput } from '#lib/stores/schema.ts';

const contract = {
  name: 'create-store',
  summary: 'Creates a store with its own database.',
  routes: ['POST /stores'],
  repeat: 'safe',
  scope: 'stores:admin',
  timeLimitMs: LONG_TIME_LIMIT_MS,
  headers: idempotencyKey,
  body: jsonBody(storeInput),
  answers: { 201: store },
  answerHeaders: { 201: ['etag', 'location'] },
  problems: [DuplicateKey, BeingOpened, UnknownCluster],
} as const satisfies Contract;

const modelsOf = (database: Connection) => modelsIn('store', database);

async function createStore(request: Request<typeof contract>) {
  const { caller, url, body, signal } = request;
  requireCover(caller, body.id);
  if (body.cluster !== undefined) requireAllStores(caller, 'the choice of a cluster');
  const provisioned = await runAtLeastOnce(
    { database: await primary(signal), signal },
    idempotencyKeyOf(request),
    () => provisionStore({ ...body, openedBy: requestIdentity(request), modelsOf }, signal),
  );
  return created(provisioned, `${url}/${provisioned.id}`);
}

export const handler = operation(contract, createStore);
