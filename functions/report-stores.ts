import { ok } from '#lib/http/answers.ts';
import { type Contract, LONG_TIME_LIMIT_MS, type Request } from '#lib/http/contract.ts';
import { linkToNext } from '#lib/http/link-header.ts';
import { operation } from '#lib/http/operation.ts';
import { reportPage, reportQuery } from '#lib/reports/figures-schema.ts';
import { pageOfReports } from '#lib/reports/reports.ts';

const contract = {
  name: 'report-stores',
  summary: 'Reports the products, units, stock value and low-stock products of each store.',
  routes: ['GET /reports/stores'],
  scope: 'reports:read',
  servers: ['primary', 'secondary'],
  timeLimitMs: LONG_TIME_LIMIT_MS,
  query: reportQuery,
  answers: { 200: reportPage },
  answerHeaders: { 200: ['link'] },
} as const satisfies Contract;

async function reportStores({ caller, url, query, signal }: Request<typeof contract>) {
  const page = await pageOfReports(query, caller.stores, signal);
  return ok(page, linkToNext({ url, query }, page));
}

export const handler = operation(contract, reportStores);
