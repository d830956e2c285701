import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DeployedStack, STACK_URL, startDeployedStack } from '../support/deployed-stack.ts';
import { runLocal } from '../support/service.ts';

/*
 * Runs the commands for a deployed stage, with the real serverless, on a stand-in for AWS.
 */

const times = ['2026-11-01T10:00:00.000Z', '2026-11-15T11:30:00.000Z', '2026-11-29T20:15:00.000Z'];
const timestamps = times.map((time) => Date.parse(time));
const [, previous = 0, last = 0] = timestamps;

let aws: DeployedStack;

const rollback = (...args: string[]) =>
  runLocal('../packaging/rollback.ts', { args: ['--stage', 'prod', ...args], env: aws.env });

beforeAll(async () => {
  aws = await startDeployedStack(timestamps);
});
beforeEach(() => {
  aws.changes = [];
});
afterAll(() => aws.stop());

describe('npm run rollback', () => {
  it('lists the deployments, names the command that restores the one before the last, and changes nothing', async () => {
    const { code, stdout, stderr } = await rollback();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      new RegExp(`^Deploy.*:\\n {2}2026-11-29 20:15:00 UTC {2}--to ${last}\\n {2}2026-11-15 11:30`),
    );
    expect(stdout).toMatch(
      new RegExp(`\\n {2}npm run rollback -- --stage prod --to ${previous}\\n$`),
    );
    expect(aws.changes).toEqual([]);
  }, 120_000);

  it('updates the stack with the template of the deployment', async () => {
    const { code, stdout } = await rollback('--to', String(previous), '--confirm', 'prod');
    expect(code).toBe(0);
    expect(stdout).toContain('prod has the code and the settings of 2026-11-15 11:30:00 UTC');
    expect(stdout).toContain(`npm run smoke -- ${STACK_URL} --stage prod`);
    expect(aws.changes).toEqual([
      'DeleteChangeSet',
      expect.stringMatching(
        new RegExp(`^CreateChangeSet https:.*/prod/${previous}-${times[1]}/compiled-.*\\.json$`),
      ),
      'ExecuteChangeSet',
    ]);
  }, 120_000);

  it('runs the smoke test with MANYSTORE_TOKEN, and exits with its code', async () => {
    const { code, stdout, stderr } = await runLocal('../packaging/rollback.ts', {
      args: ['--stage', 'prod', '--to', String(previous), '--confirm', 'prod'],
      env: { ...aws.env, MANYSTORE_TOKEN: 'token' },
    });
    expect([code, stderr]).toEqual([
      1,
      `No service responds at ${STACK_URL}. Start it with npm start\n`,
    ]);
    expect(stdout).not.toContain('Not tested');
  }, 120_000);

  it('exits with code 1, and prints why, when the update fails', async () => {
    aws.outcome = 'UPDATE_ROLLBACK_IN_PROGRESS';
    const { code, stderr } = await rollback('--to', String(previous), '--confirm', 'prod');
    aws.outcome = 'UPDATE_COMPLETE';
    expect(code).toBe(1);
    expect(stderr).toContain('UPDATE_ROLLBACK_IN_PROGRESS');
  }, 120_000);

  it.each([
    ['a deployment that is not in the list', ['--to', '1', '--confirm', 'prod'], /There is no/],
    ['no confirmation', ['--to', String(previous)], /^Without a terminal, add --confirm prod/],
    ['the name of another stage', ['--to', '1', '--confirm', 'dev'], /must repeat the stage, prod/],
  ])(
    'changes nothing, and exits with code 1, for %s',
    async (_, args, reason) => {
      const { code, stderr } = await rollback(...args);
      expect([code, stderr]).toEqual([1, expect.stringMatching(reason)]);
      expect(aws.changes).toEqual([]);
    },
    120_000,
  );

  it('says how it is used without a stage', async () => {
    const { code, stderr } = await runLocal('../packaging/rollback.ts');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^Set --stage to the stage to roll back\nusage: npm run rollback /),
    ]);
  });
});

describe('the check of the code cache after a deployment', () => {
  const check = () => runLocal('../test/support/check-code-cache.ts', { env: aws.env });

  it('passes when no container rejected the compiled code', async () => {
    aws.metrics = { ColdStarts: [3, 9], CodeCacheRejected: [0, 0] };
    expect(await check()).toEqual({
      code: 0,
      stdout: 'ok    code-cache is accepted in all 12 containers that started\n',
      stderr: '',
    });
  });

  it('exits with code 1 when some did', async () => {
    aws.metrics = { ColdStarts: [3, 9], CodeCacheRejected: [0, 2] };
    const { code, stderr } = await check();
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^FAIL {2}code-cache is rejected in 2 of 12 containers/),
    ]);
  });
});

describe('npm run invoke -- --stage', () => {
  const invoke = () =>
    runLocal('invoke.ts', {
      args: ['sync-mirror', '{ "from": "start" }', '--stage', 'prod'],
      env: aws.env,
    });

  it('invokes a task of the stage, and prints its result', async () => {
    aws.invoked = { result: { stores: 3 }, isError: false };
    const { code, stdout, stderr } = await invoke();
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({ stores: 3 });
    expect(aws.changes).toEqual(['manystore-prod-sync-mirror {"from":"start"}']);
  }, 120_000);

  it('exits with code 1, and prints why, when the task fails', async () => {
    aws.invoked = { result: { errorMessage: 'No server was found' }, isError: true };
    const { code, stderr } = await invoke();
    expect([code, stderr]).toEqual([1, 'sync-mirror failed: No server was found\n']);
  }, 120_000);
});
