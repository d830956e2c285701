import { parseArgs } from 'node:util';
import { SCOPES } from '#lib/http/scopes.ts';
import { accessTo } from './access.ts';
import { runCommand, UsageError } from './command.ts';
import { type SmokeResults, smokeTest } from './smoke/smoke-test.ts';

/*
 * `npm run smoke`: calls every operation of a service in stores of its own, which it closes at the end, also after a
 * failure and after Ctrl-C.
 */

const print = (line: string) => process.stdout.write(`${line}\n`);

async function smoke(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { token: { type: 'string' }, stage: { type: 'string' } },
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new UsageError('Expected at most one argument: the URL');
  const { url, token, issueToken } = await accessTo(
    { url: positionals[0], token: values.token },
    { stores: ['*'], scopes: [...SCOPES] },
  );
  const signal = untilStopped();
  const results = await smokeTest({ url, token, issueToken, print, signal });
  if (signal.aborted && results.failed.length === 0) {
    process.stderr.write('Stopped before all checks ran; everything that was created is removed\n');
    return 1;
  }
  return report(results, values.stage);
}

/** Returns a signal that is aborted by Ctrl-C. A second Ctrl-C ends the process at once. */
function untilStopped(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(1);
    print('Stopping: the stores are closed first. Press Ctrl-C again to leave them');
    controller.abort(new Error('The smoke test was stopped'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return controller.signal;
}

/** Prints a summary, and returns the exit code. */
function report({ passed, skipped, failed }: SmokeResults, stage = 'STAGE'): number {
  const others = skipped > 0 ? `, ${skipped} skipped` : '';
  if (failed.length === 0) {
    print(`All ${passed} checks passed${others}`);
    return 0;
  }
  process.stderr.write(
    `${failed.length} checks failed, ${passed} passed${others}:\n${failed.map((line) => `  ${line}\n`).join('')}` +
      `To return to the deployment before this one: npm run rollback -- --stage ${stage}\n`,
  );
  return 1;
}

await runCommand({
  usage: 'npm run smoke -- [URL] [--token TOKEN] [--stage STAGE]',
  about: `Tests a running service: calls every operation in two stores that it creates and closes, and sends tokens that must be
rejected. The URL is that of npm start by default.

  --token TOKEN   a token for all scopes and all stores (the claim "stores" is "*"). By default, the one in MANYSTORE_TOKEN,
                  or else one of the issuer of npm start
  --stage STAGE   the stage that the advice after a failure names

The exit code is 0 if every check passed, and 1 otherwise. Closing the stores takes about 35 s.`,
  main: smoke,
});
