import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { FROM_SOURCE } from '../local/from-source.ts';
import { sdk } from './aws-sdk.ts';
import { checkCodeCache } from './code-cache-metric.ts';

interface CloudFormation {
  CloudFormationClient: new (options: {
    region: string;
  }) => {
    send(command: object): Promise<{
      Stacks?: { Outputs?: { OutputKey?: string; OutputValue?: string }[] }[];
    }>;
  };
  DescribeStacksCommand: new (input: { StackName: string }) => object;
}

/** The output of the stack with the URL that clients use. */
const URL_OUTPUT = 'ServiceUrl';
const SMOKE = fileURLToPath(new URL('../local/smoke.ts', import.meta.url));

/**
 * Runs the smoke test against a deployed stage, with the token in MANYSTORE_TOKEN, and prints its checks; then checks that the
 * containers that it started use their compiled code. Without a token, it prints the command instead.
 *
 * @returns 0, or 1 if a check fails
 * @throws {Error} when AWS does not return the URL of the API
 */
export async function testDeployment(stage: string, region: string): Promise<number> {
  const url = await deployedUrl(stage, region);
  if (!process.env.MANYSTORE_TOKEN) {
    process.stdout.write(
      `Not tested, because there is no MANYSTORE_TOKEN. Now test it: npm run smoke -- ${url} --stage ${stage}. ` +
        `If it fails: npm run rollback -- --stage ${stage}\n`,
    );
    return 0;
  }
  const started = new Date();
  const args = [...FROM_SOURCE, SMOKE, url, '--stage', stage];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code === 0 ? checkCodeCache(stage, region, started) : (code ?? 1);
}

async function deployedUrl(stage: string, region: string): Promise<string> {
  const { CloudFormationClient, DescribeStacksCommand } = sdk(
    '@aws-sdk/client-cloudformation',
  ) as CloudFormation;
  const command = new DescribeStacksCommand({ StackName: `manystore-${stage}` });
  const { Stacks: [stack] = [] } = await new CloudFormationClient({ region }).send(command);
  const output = stack?.Outputs?.find(({ OutputKey }) => OutputKey === URL_OUTPUT);
  if (output?.OutputValue) return output.OutputValue;
  throw new Error(`The stack manystore-${stage} has no output ${URL_OUTPUT}`);
}
