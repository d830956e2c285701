import { rollOutIndexes } from '../lib/indexes/roll-out.ts';
import { rollOutInput, rollOutResult } from '../lib/schemas/index-roll-out.ts';
import { type Invocation, type TaskContract, task } from '../lib/task.ts';

const contract = {
  name: 'roll-out-indexes',
  summary: "Plans or applies the schemas' indexes in every database, and goes on where it stopped.",
  servers: ['primary', 'secondary'],
  input: rollOutInput,
  result: rollOutResult,
} as const satisfies TaskContract;

async function rollOut({ input, ...time }: Invocation<typeof contract>) {
  return await rollOutIndexes(input, time);
}

export const handler = task(contract, rollOut);
