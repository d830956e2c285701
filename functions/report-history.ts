import { ok } from '../lib/answers.ts';
import type { Contract, Request } from '../lib/contract.ts';
import { operation } from '../lib/operation.ts';
import { linkToNext } from '../lib/page.ts';
import { historyPath, historyQuery, snapshotPage } from '../lib/schemas/figures.ts';
import { pageOfHistory } from '../lib/snapshots.ts';
import { findStore } from '../lib/stores.ts';

const contract = {
  name: 'report-history',
  summary: "Lists a store's daily figures, the newest first; a closed store's too.",
  routes: ['GET /reports/stores/{store}/history'],
  scope: 'reports:read',
  path: historyPath,
  query: historyQuery,
  answers: { 200: snapshotPage },
} as const satisfies Contract;

async function history({ url, path, query, signal }: Request<typeof contract>) {
  const { id } = await findStore(path.store, signal);
  const page = await pageOfHistory(id, query, signal);
  return ok(page, linkToNext({ url, query }, page));
}

export const handler = operation(contract, history);
