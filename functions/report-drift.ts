import { ok } from '#lib/http/answers.ts';
import { type Contract, LONG_TIME_LIMIT_MS, type Request } from '#lib/http/contract.ts';
import { operation } from '#lib/http/operation.ts';
import { narrowedTo } from '#lib/http/visible-stores.ts';
import { driftOf } from '#lib/reports/drift.ts';
import { drift, driftQuery } from '#lib/reports/schema.ts';

const contract = {
  name: 'report-drift',
  summary: 'Reports how archived records differ from the current product schema.',
  routes: ['GET /reports/drift'],
  scope: 'reports:read',
  servers: ['secondary'],
  timeLimitMs: LONG_TIME_LIMIT_MS,
  query: driftQuery,
  answers: { 200: drift },
} as const satisfies Contract;

async function reportDrift({ caller, query, signal }: Request<typeof contract>) {
  return ok(await driftOf(narrowedTo(caller.stores, query.store), signal));
}

export const handler = operation(contract, reportDrift);
