import { ok } from '#lib/http/answers.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { linkToNext } from '#lib/http/link-header.ts';
import { operation } from '#lib/http/operation.ts';
import { visibleStore } from '#lib/http/visible-stores.ts';
import { historyPath, historyQuery, snapshotPage } from '#lib/reports/figures-schema.ts';
import { pageOfHistory } from '#lib/reports/snapshots.ts';
import { findStore } from '#lib/stores/lists.ts';

const contract = {
  name: 'report-history',
  summary: "Lists a store's daily figures, newest first, even after the store is closed.",
  routes: ['GET /reports/stores/{store}/history'],
  scope: 'reports:read',
  servers: ['primary', 'secondary'],
  path: historyPath,
  query: historyQuery,
  answers: { 200: snapshotPage },
  answerHeaders: { 200: ['link'] },
} as const satisfies Contract;

async function reportHistory({ caller, url, path, query, signal }: Request<typeof contract>) {
  const { id } = await findStore(visibleStore(caller.stores, path.store), signal);
  const page = await pageOfHistory(id, query, signal);
  return ok(page, linkToNext({ url, query }, page));
}

export const handler = operation(contract, reportHistory);
