import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { runCommand, UsageError } from '../local/command.ts';
import { deploymentValues } from './deployment-settings.ts';
import { type Deployment, listDeployments, rollBackTo } from './deployments.ts';
import { loadStage } from './stage.ts';
import { testDeployment } from './test-deployment.ts';

/*
 * `npm run rollback`: lists the deployments of a stage, and restores one of them with `serverless rollback`.
 */

const print = (line: string) => process.stdout.write(`${line}\n`);

async function rollback(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { stage: text, region: text, to: text, confirm: text } });
  const { stage, region, to, confirm } = values;
  if (!stage) throw new UsageError('Set --stage to the stage to roll back');
  loadStage(stage);
  if (confirm !== undefined && confirm !== stage)
    throw new UsageError(`--confirm must repeat the stage, ${stage}`);
  if (to !== undefined && confirm === undefined && !process.stdin.isTTY)
    throw new UsageError(`Without a terminal, add --confirm ${stage}`);
  const place = ['--stage', stage, ...(region ? ['--region', region] : [])];

  const deployments = await listDeployments(place);
  const where = ['npm run rollback --', ...place].join(' ');
  if (to === undefined) return describe(deployments, stage, where);
  const target = deploymentIn(deployments, to);
  if (confirm === undefined) await askToConfirm(stage, target);
  print(`Rolling ${stage} back to the deployment of ${target.time}. This takes minutes`);
  await rollBackTo(target, place);
  print(
    `${stage} has the code and the settings of ${target.time}. Data and indexes are not changed`,
  );
  return testDeployment(stage, region ?? deploymentValues(process.env).AWS_REGION);
}

/** Lists the deployments, newest first, and the command that restores the one before the last. */
function describe(deployments: Deployment[], stage: string, where: string): number {
  const newestFirst = deployments.toReversed();
  print(`Deployments of ${stage} that can be restored, newest first:`);
  for (const { time, timestamp } of newestFirst) print(`  ${time}  --to ${timestamp}`);
  const [, previous] = newestFirst;
  if (!previous) {
    process.stderr.write(`${stage} has no deployment before the last one\n`);
    return 1;
  }
  print(`Nothing was changed. To restore the one before the last:`);
  print(`  ${where} --to ${previous.timestamp}`);
  return 0;
}

/** @throws {Error} when there is no such deployment */
function deploymentIn(deployments: Deployment[], to: string): Deployment {
  const target = deployments.find(({ timestamp }) => timestamp === to);
  if (target) return target;
  const known = deployments.map(({ timestamp }) => timestamp).join(', ') || 'none';
  throw new Error(`There is no deployment ${to}. The deployments that can be restored: ${known}`);
}

/** @throws {Error} when the person at the terminal does not type the name of the stage */
async function askToConfirm(stage: string, { time }: Deployment): Promise<void> {
  using input = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await input.question(
    `This replaces the code and the settings of ${stage} with those of ${time}. Type ${stage} to confirm: `,
  );
  if (answer.trim() !== stage) throw new Error('Not confirmed: nothing was changed');
}

await runCommand({
  usage: 'npm run rollback -- --stage STAGE [--to TIMESTAMP [--confirm STAGE]] [--region REGION]',
  about: `Lists the deployments of a stage. With --to, it restores one of them: its code, its settings and its alarms.
Data and indexes are not changed. It asks for confirmation, and ends with the smoke test if there is a MANYSTORE_TOKEN.

  --to TIMESTAMP    the deployment to restore: a timestamp from the list
  --confirm STAGE   confirms without a question: the name of the stage again
  --region REGION   the region of the stack; by default, that of the stage's settings`,
  loadsEnvFile: false,
  main: rollback,
});
