import { task } from '#lib/http/task.ts';
import type { Invocation, TaskContract } from '#lib/http/task-contract.ts';
import { summarizeDrift } from '#lib/reports/drift-summaries.ts';
import { snapshotsInput, snapshotsResult } from '#lib/reports/figures-schema.ts';
import { takeMissingSnapshots } from '#lib/reports/snapshots.ts';

const contract = {
  name: 'take-snapshots',
  summary:
    "Records each store's figures for the day, if they are not recorded yet, and summarizes how archived records drift.",
  // Snapshots are daily. Later runs of a day take the snapshots that earlier ones could not. The drift is summarized hourly.
  schedule: 'cron(5 * * * ? *)',
  servers: ['primary', 'secondary'],
  input: snapshotsInput,
  result: snapshotsResult,
} as const satisfies TaskContract;

async function takeSnapshots(time: Invocation<typeof contract>) {
  return { ...(await takeMissingSnapshots(time)), ...(await summarizeDrift(time)) };
}

export const handler = task(contract, takeSnapshots);
