import { parseArgs } from 'node:util';
import { runCommand } from '../local/command.ts';
import { accountOf } from './credentials.ts';
import { deploymentValues, missingSettings, settingFaults } from './deployment-settings.ts';
import { runServerless } from './serverless.ts';
import { DEFAULT_STAGE, loadStage } from './stage.ts';
import { testDeployment } from './test-deployment.ts';

/* `npm run deploy`: checks the settings and the credentials, packages, deploys, and runs the smoke test. */

async function deploy(): Promise<number> {
  const { values } = parseArgs({
    options: {
      stage: { type: 'string', default: DEFAULT_STAGE },
      force: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
  });
  const { stage, force, verbose } = values;
  loadStage(stage);
  await requireSettings(stage);
  const { AWS_REGION: region } = deploymentValues(process.env);
  const account = await accountOf(region);
  process.stdout.write(`Deploying stage ${stage} to the account ${account} in ${region}\n`);
  const code = await runServerless(
    ...['deploy', '--stage', stage],
    ...(force ? ['--force'] : []),
    ...(verbose ? ['--verbose'] : []),
  );
  return code === 0 ? testDeployment(stage, region) : code;
}

/** @throws {Error} with a line for each setting that is missing, malformed, or does not fit the others */
async function requireSettings(stage: string): Promise<void> {
  const missing = missingSettings(process.env, stage);
  const faults = [
    ...(missing.length > 0 ? [`Missing settings: ${missing.join(', ')}`] : []),
    ...settingFaults(process.env),
  ];
  if (faults.length === 0) {
    // They load all functions, which takes a second.
    const { budgetFaults } = await import('./connection-budget.ts');
    const { deployedFunctions } = await import('./deployed-functions.ts');
    const functions = await deployedFunctions();
    faults.push(...budgetFaults(functions, deploymentValues(process.env), process.env));
  }
  if (faults.length === 0) return;
  faults.push(
    `Set them in the environment or in .env.${stage}; docs/operations.md explains each of them`,
  );
  throw new Error(faults.join('\n'));
}

await runCommand({
  usage: 'npm run deploy -- [--stage STAGE] [--force] [--verbose]',
  about:
    'Checks the settings and the AWS credentials, packages and deploys, and then runs the smoke test with the token in\n' +
    'MANYSTORE_TOKEN, if there is one, and checks that V8 accepts the compiled code. The settings come from the environment and from .env.STAGE. --force deploys even if\n' +
    'nothing has changed. The exit code is 1 if the deployment or a check fails.',
  loadsEnvFile: false,
  main: deploy,
});
