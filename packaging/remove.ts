import { parseArgs } from 'node:util';
import { runCommand } from '../local/command.ts';
import { accountOf } from './credentials.ts';
import { deploymentValues, isProduction } from './deployment-settings.ts';
import { runServerless } from './serverless.ts';
import { loadStage } from './stage.ts';

/* `npm run remove`: deletes a deployed stage from AWS. */

async function remove(): Promise<number> {
  const { values } = parseArgs({
    options: { stage: { type: 'string' }, confirm: { type: 'string' } },
  });
  const { stage, confirm } = values;
  if (!stage) throw new Error('Name the stage to remove: npm run remove -- --stage STAGE');
  loadStage(stage);
  if (isProduction(stage) && confirm !== stage)
    throw new Error(
      `${stage} is a production stage. This deletes its API, functions, logs, alarms and dead letters; the databases and the secrets stay. To do that, repeat the command with --confirm ${stage}`,
    );
  const { AWS_REGION: region } = deploymentValues(process.env);
  const account = await accountOf(region);
  process.stdout.write(`Removing stage ${stage} from the account ${account} in ${region}\n`);
  return runServerless('remove', '--stage', stage);
}

await runCommand({
  usage: 'npm run remove -- --stage STAGE [--confirm STAGE]',
  about:
    'Deletes a deployed stage from AWS: its API, functions, logs, alarms and dead letters. The databases and the secrets\n' +
    'stay. A stage whose name starts with prod must be confirmed with its name.',
  loadsEnvFile: false,
  main: remove,
});
