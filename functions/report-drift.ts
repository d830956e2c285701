import { ok } from '../lib/answers.ts';
import type { Contract, Request } from '../lib/contract.ts';
import { driftOf } from '../lib/drift.ts';
import { operation } from '../lib/operation.ts';
import { drift, driftQuery } from '../lib/schemas/reports.ts';
import { admitStore } from '../lib/stores.ts';

const contract = {
  name: 'report-drift',
  summary: 'Counts what archived records hold and the schema of a product does not know.',
  routes: ['GET /reports/drift'],
  scope: 'reports:read',
  query: driftQuery,
  answers: { 200: drift },
} as const satisfies Contract;

async function reportDrift({ query, signal }: Request<typeof contract>) {
  const store = query.store === undefined ? null : await admitStore(query.store, 'read', signal);
  return ok(await driftOf(store, signal));
}

export const handler = operation(contract, reportDrift);
