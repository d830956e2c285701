import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { suggestion, UsageError } from './command.ts';
import { FROM_SOURCE, SERVERLESS } from './from-source.ts';
import { readLambdaSecret } from './lambda-secret.ts';

/*
 * Invokes tasks, the functions without HTTP: those of the running `npm start`, whose Lambda endpoint
 * serverless-offline serves; or those of a deployed stage, with `serverless invoke`.
 */

interface Template {
  service: string;
  functions: Record<string, { events?: { httpApi?: string }[] }>;
}

const template = new URL('../serverless.yml', import.meta.url);
/** The stage of `npm start`: the default one in serverless.yml. */
const LOCAL_STAGE = 'dev';

/**
 * Invokes a task and waits for its result.
 *
 * @param stage a deployed stage; without it, the running `npm start` is used
 * @throws {UsageError} when there is no such task
 * @throws {Error} with a message of one line, when the service is not running, or the task fails
 */
export async function invokeTask(
  name: string,
  input: object,
  { stage }: { stage?: string | undefined } = {},
): Promise<unknown> {
  const { service, functions } = parse(readFileSync(template, 'utf8')) as Template;
  const isTask = (task: string) => !functions[task]?.events?.some(({ httpApi }) => httpApi);
  const tasks = Object.keys(functions).filter(isTask);
  if (!tasks.includes(name))
    throw new UsageError(
      `Unknown task ${name}${suggestion(name, tasks)}; expected one of ${tasks.sort().join(', ')}`,
    );
  return stage === undefined
    ? invokeHere(name, `${service}-${LOCAL_STAGE}-${name}`, input)
    : invokeDeployed(name, stage, input);
}

/** The response of Lambda when a function fails. */
interface Failure {
  errorMessage?: string;
}

async function invokeHere(name: string, lambdaName: string, input: object): Promise<unknown> {
  const port = Number(process.env.LAMBDA_PORT || Number(process.env.PORT || 3_000) + 2);
  const url = `http://localhost:${port}/2015-03-31/functions/${lambdaName}/invocations`;
  const request = {
    method: 'POST',
    headers: { authorization: `Bearer ${await readLambdaSecret(port)}` },
    body: JSON.stringify(input),
  };
  const response = await fetch(url, request).catch(() => {
    throw new Error(
      `The service does not respond on port ${port}. Check that npm start is running with the same PORT and LAMBDA_PORT`,
    );
  });
  if (response.status === 403)
    throw new Error(
      `The service on port ${port} was not started in this folder. Run the command where npm start runs`,
    );
  if (!response.ok)
    throw new Error(
      `The server on port ${port} has no function ${lambdaName}. Set LAMBDA_PORT to the port of npm start`,
    );
  const result = (await response.json()) as Failure;
  if (response.headers.has('x-amz-function-error')) throw failed(name, result);
  return result;
}

async function invokeDeployed(name: string, stage: string, input: object): Promise<unknown> {
  const parameters = ['invoke', '-f', name, '--stage', stage, '--data', JSON.stringify(input)];
  const command = [...FROM_SOURCE, SERVERLESS, ...parameters];
  const options = { maxBuffer: 16 * 1024 * 1024 };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, command, options);
    return JSON.parse(stdout);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    // What the function threw, before serverless says that it failed.
    const [thrown] = /^\{\n[\s\S]*?\n\}$/m.exec(stdout) ?? [];
    if (thrown) throw failed(name, JSON.parse(thrown));
    throw new Error(`Could not invoke ${name} in stage ${stage}: ${reasonIn(stdout + stderr)}`);
  }
}

const failed = (name: string, { errorMessage = 'see its log' }: Failure) =>
  new Error(`${name} failed: ${errorMessage.replaceAll(/\s+/g, ' ')}`);

/** Returns the line of serverless' output with the reason: the first one after its heading. */
function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line && !/^(?:Environment|Error|✖? ?Error):?/.test(line));
  return said[0] ?? 'serverless printed no reason';
}
