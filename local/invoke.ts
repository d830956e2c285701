import { parseArgs } from 'node:util';
import { runCommand, UsageError } from './command.ts';
import { invokeTask } from './lambda.ts';

/* `npm run invoke`: invokes a task and prints its result as JSON. */

async function invoke(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { stage: { type: 'string' } },
    allowPositionals: true,
  });
  const [name, input = '{}', ...more] = positionals;
  if (name === undefined || more.length > 0)
    throw new UsageError('Expected one task, and at most one input');
  const result = await invokeTask(name, objectFrom(input), values);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return 0;
}

function objectFrom(text: string): object {
  try {
    const value = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // The error below reports it.
  }
  throw new UsageError('The input must be a JSON object');
}

await runCommand({
  usage: "npm run invoke -- TASK ['{ … }'] [--stage STAGE]",
  about:
    'Invokes a task, such as sync-mirror, with an input as JSON, and prints its result as JSON. It uses the running\n' +
    'npm start, or a deployed stage.',
  main: invoke,
});
