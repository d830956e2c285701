import { checkHealth } from '#lib/health/health.ts';
import { health } from '#lib/health/schema.ts';
import { ok } from '#lib/http/answers.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { operation } from '#lib/http/operation.ts';
import { Unavailable } from '#lib/http/problems.ts';

const contract = {
  name: 'get-health',
  summary: 'Pings each database server and reports its response time.',
  routes: ['GET /health'],
  scope: 'public',
  servers: ['primary', 'secondary'],
  answers: { 200: health },
} as const satisfies Contract;

async function getHealth({ signal }: Request<typeof contract>) {
  const { status, connections, clusters } = await checkHealth(signal);
  if (status === 'down')
    throw new Unavailable('The primary database server is not reachable.', {
      extra: { connections },
    });
  return ok({ status, connections, clusters });
}

export const handler = operation(contract, getHealth);
