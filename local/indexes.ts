import { parseArgs } from 'node:util';
import type { PlaceResult, RollOutInput, RollOutResult } from '#lib/indexes/schema.ts';
import { runCommand, UsageError } from './command.ts';
import { invokeTask } from './lambda.ts';
import { type Progress, showProgress } from './progress.ts';

/*
 * `npm run indexes`: compares the indexes of every database with the schemas, or applies the difference. It invokes
 * roll-out-indexes until all databases are done, and prints a line for each one that does not match.
 */

async function rollOut(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { drop: { type: 'boolean', default: false }, stage: { type: 'string' } },
    allowPositionals: true,
  });
  const mode = modeFrom(positionals);
  const totals = { checked: 0, changed: 0, failed: 0 };
  let progress: Progress | undefined;
  for (let after: string | null = null; ; ) {
    const input = { mode, drop: values.drop, ...(after === null ? {} : { after }) };
    const part = (await invokeTask('roll-out-indexes', input, values)) as RollOutResult;
    progress ??= showProgress('databases', part.total);
    progress.add(part.checked);
    if (part.places.length > 0 || part.next === null) progress.end();
    for (const place of part.places) process.stdout.write(`${lineFor(place, values.drop)}\n`);
    for (const count of ['checked', 'changed', 'failed'] as const) totals[count] += part[count];
    after = part.next;
    if (after === null) break;
  }
  process.stdout.write(`${summaryOf(mode, totals)}\n`);
  return totals.failed > 0 ? 1 : 0;
}

function modeFrom(positionals: string[]): RollOutInput['mode'] {
  const [mode, ...more] = positionals;
  if ((mode === 'plan' || mode === 'apply') && more.length === 0) return mode;
  throw new UsageError('Expected one argument: plan or apply');
}

/** Returns a line with the missing and surplus indexes of a database, or with those that were created and dropped. */
function lineFor({ place, create, drop, result, reason }: PlaceResult, mayDrop: boolean): string {
  const isPlan = result === 'planned';
  const surplus = mayDrop ? 'would be dropped' : 'not in the schemas, kept without --drop';
  const parts = [
    create.length > 0 && `${isPlan ? 'lacks' : 'created'} ${create.join(', ')}`,
    drop.length > 0 && `${isPlan ? surplus : 'dropped'}: ${drop.join(', ')}`,
    result === 'failed' && `FAILED: ${reason}`,
  ].filter(Boolean);
  return `${place}: ${parts.join('; ')}`;
}

function summaryOf(
  mode: RollOutInput['mode'],
  { checked, changed, failed }: { checked: number; changed: number; failed: number },
): string {
  const of = `of ${checked} databases`;
  if (failed > 0) return `${failed} ${of} failed; run the same command to retry`;
  if (changed === 0) return `All ${checked} databases match the schemas`;
  return mode === 'plan' ? `${changed} ${of} do not match the schemas` : `${changed} ${of} changed`;
}

await runCommand({
  usage: 'npm run indexes -- plan|apply [--drop] [--stage STAGE]',
  about:
    'Compares the indexes of every database with the schemas (plan), or applies the difference (apply). Indexes that\n' +
    'are not in the schemas are kept, unless --drop is given. It uses the running npm start, or a deployed stage.',
  main: rollOut,
});
