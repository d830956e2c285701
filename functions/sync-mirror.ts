import { task } from '#lib/http/task.ts';
import type { Invocation, TaskContract } from '#lib/http/task-contract.ts';
import { syncInput, syncResult } from '#lib/mirror/schema.ts';
import { syncStores } from '#lib/mirror/sync.ts';

const contract = {
  name: 'sync-mirror',
  summary:
    'Copies changed products from the stores to the mirror, and deletes archived products from it.',
  schedule: 'rate(5 minutes)',
  servers: ['primary', 'secondary'],
  sockets: { primary: 4, secondary: 4 },
  input: syncInput,
  result: syncResult,
} as const satisfies TaskContract;

async function syncMirror({ input, ...time }: Invocation<typeof contract>) {
  return await syncStores(input, time);
}

export const handler = task(contract, syncMirror);
