import { ok } from '#lib/http/answers.ts';
import { type Contract, LONG_TIME_LIMIT_MS, type Request } from '#lib/http/contract.ts';
import { operation } from '#lib/http/operation.ts';
import { Unavailable } from '#lib/http/problems.ts';
import { overviewOf } from '#lib/reports/overview.ts';
import { overview } from '#lib/reports/schema.ts';
import { SERVER_NAMES } from '#lib/runtime/servers.ts';

const contract = {
  name: 'report-overview',
  summary:
    'Summarizes the data on both servers, or on the one that responds, and pings every cluster.',
  routes: ['GET /reports/overview'],
  scope: 'reports:read',
  servers: ['primary', 'secondary'],
  sockets: { primary: 3, secondary: 4 },
  timeLimitMs: LONG_TIME_LIMIT_MS,
  answers: { 200: overview },
} as const satisfies Contract;

async function reportOverview({ caller, signal }: Request<typeof contract>) {
  const { clusters, ...servers } = await overviewOf(caller.stores, signal);
  if (servers.missing.length === SERVER_NAMES.length)
    throw new Unavailable(
      'Neither database server is reachable. The same request may succeed later.',
      { extra: servers },
    );
  return ok({ ...servers, clusters });
}

export const handler = operation(contract, reportOverview);
