import { parseArgs } from 'node:util';
import { runCommand } from '../local/command.ts';
import { settingFaults } from './deployment-settings.ts';
import { runServerless } from './serverless.ts';
import { DEFAULT_STAGE, loadStage } from './stage.ts';

/* `npm run package`: creates the artifacts and the template, and checks them, without an AWS account. */

async function makePackage(): Promise<number> {
  const { values } = parseArgs({
    options: { stage: { type: 'string', default: DEFAULT_STAGE }, package: { type: 'string' } },
  });
  loadStage(values.stage);
  const faults = settingFaults(process.env);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return runServerless(
    ...['package', '--stage', values.stage],
    ...(values.package ? ['--package', values.package] : []),
  );
}

await runCommand({
  usage: 'npm run package -- [--stage STAGE] [--package FOLDER]',
  about:
    'Creates the artifacts and the CloudFormation template, in .serverless or another folder, and checks the template.\n' +
    'It needs no AWS account. The settings come from the environment and from .env.STAGE.',
  loadsEnvFile: false,
  main: makePackage,
});
