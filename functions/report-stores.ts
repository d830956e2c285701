import type { Contract, Request } from '../lib/contract.ts';
import { ok } from '../lib/http/answers.ts';
import { operation } from '../lib/operation.ts';
import { linkToNext } from '../lib/page.ts';
import { reportStores } from '../lib/reports/reports.ts';
import { reportPage, reportQuery } from '../lib/schemas/figures.ts';

const contract = {
  name: 'report-stores',
  summary:
    'Tells of each store how many products and units it has, their value, and what runs low.',
  routes: ['GET /reports/stores'],
  scope: 'reports:read',
  servers: ['primary', 'secondary'],
  query: reportQuery,
  answers: { 200: reportPage },
  answerHeaders: { 200: ['link'] },
} as const satisfies Contract;

async function report({ caller, url, query, signal }: Request<typeof contract>) {
  const page = await reportStores(query, caller.stores, signal);
  return ok(page, linkToNext({ url, query }, page));
}

export const handler = operation(contract, report);
