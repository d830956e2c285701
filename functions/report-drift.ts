import { driftOf } from '../lib/archive/drift.ts';
import type { Contract, Request } from '../lib/contract.ts';
import { ok } from '../lib/http/answers.ts';
import { operation } from '../lib/operation.ts';
import { drift, driftQuery } from '../lib/schemas/reports.ts';
import { narrowedTo } from '../lib/stores/visible-stores.ts';

const contract = {
  name: 'report-drift',
  summary: 'Counts what archived records hold and the schema of a product does not know.',
  routes: ['GET /reports/drift'],
  scope: 'reports:read',
  servers: ['secondary'],
  query: driftQuery,
  answers: { 200: drift },
} as const satisfies Contract;

async function reportDrift({ caller, query, signal }: Request<typeof contract>) {
  return ok(await driftOf(narrowedTo(caller.stores, query.store), signal));
}

export const handler = operation(contract, reportDrift);
