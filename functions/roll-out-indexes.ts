import { task } from '#lib/http/task.ts';
import type { Invocation, TaskContract } from '#lib/http/task-contract.ts';
import { rollOut } from '#lib/indexes/roll-out.ts';
import { rollOutInput, rollOutResult } from '#lib/indexes/schema.ts';

const contract = {
  name: 'roll-out-indexes',
  summary:
    'Plans or applies index changes in every database, continuing where the previous call stopped.',
  servers: ['primary', 'secondary'],
  sockets: { primary: 4 },
  input: rollOutInput,
  result: rollOutResult,
} as const satisfies TaskContract;

async function rollOutIndexes({ input, ...time }: Invocation<typeof contract>) {
  return await rollOut(input, time);
}

export const handler = task(contract, rollOutIndexes);
