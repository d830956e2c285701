import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { type Report, RuntimeApi } from './runtime-api.ts';

/** How Lambda starts Node with 512 MB: 90 % of them for the heap, and 5 % for a half of its young generation. */
const FLAGS = ['--expose-gc', '--max-old-space-size=460', '--max-semi-space-size=25'];

/** The number of characters of its log that a container keeps. */
const LOG_LENGTH = 20_000;

/** The number of characters at the end of the log that tell why a container ended. */
const LAST_WORDS = 2_000;

/** The processes of all containers, which would otherwise outlive this one: they wait for the Runtime API. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const container of running) container.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** The result of an invocation. */
export interface Outcome {
  /** `failed` is an error that the function threw; `timed out` and `killed` have no response. */
  end: 'answered' | 'failed' | 'timed out' | 'killed';
  /** The status of an HTTP response; 200 for the result of a task, 500 for an error, 0 without a response. */
  status: number;
  headers: Record<string, string>;
  /** The parsed JSON, or text; without a response, the end of the log. */
  body: ReturnType<typeof JSON.parse>;
  /** From the handing over of the event to the response, in milliseconds. */
  ms: number;
}

/** What a container needs. */
export interface ContainerOptions {
  /** The file of the runtime interface client. */
  client: string;
  name: string;
  /** The folder of the function. */
  folder: string;
  env: Record<string, string>;
}

/** A container: a process with Lambda's runtime and one packaged function, which gets one request at a time. */
export class Container implements AsyncDisposable {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #api: RuntimeApi;
  readonly #exited: Promise<unknown>;
  #log = '';

  private constructor(name: string, process: ChildProcess, api: RuntimeApi) {
    this.name = name;
    this.#process = process;
    this.#api = api;
    this.#exited = once(process, 'exit').finally(() => running.delete(process));
    running.add(process);
    for (const stream of [process.stdout, process.stderr])
      stream?.on('data', (chunk) => {
        this.#log = (this.#log + chunk).slice(-LOG_LENGTH);
      });
  }

  /** Starts a container, and waits until its function is loaded. */
  static async start({ client, name, folder, env }: ContainerOptions): Promise<Container> {
    const api = await new RuntimeApi().listen();
    const process = spawn(nodeFile, [...FLAGS, client], {
      cwd: folder,
      env: {
        PATH: '/usr/bin:/bin',
        ...environmentOf(name, folder),
        AWS_LAMBDA_RUNTIME_API: api.address,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const container = new Container(name, process, api);
    const died = container.#exited.then(() => {
      throw new Error(`${name} ended while it started:\n${container.#log}`);
    });
    await Promise.race([api.initialized, died]);
    died.catch(() => {}); // from now on, invoke() reports it
    return container;
  }

  /** The chain of causes of the last error in its log, such as `Unavailable, CircuitOpen, Error EPIPE`. */
  get lastError(): string | undefined {
    const line = this.#log.split('\n').findLast((text) => text.includes('"error":{'));
    return line && causesOf(parsed(line)?.error);
  }

  /**
   * Sends an event. Like Lambda, it kills the container when the time is over.
   *
   * @param timeout in milliseconds
   * @param grace how much longer the container lives, because this machine is slower than Lambda
   */
  async invoke(event: object, timeout: number, { grace = 0 } = {}): Promise<Outcome> {
    const started = performance.now();
    const overdue = new AbortController();
    const timedOut = setTimeout(timeout + grace, 'timed out' as const, {
      signal: overdue.signal,
    });
    const killed = this.#exited.then(() => 'killed' as const);
    const report = await Promise.race([this.#api.invoke(event, timeout), timedOut, killed]);
    overdue.abort();
    timedOut.catch(() => {});
    const ms = performance.now() - started;
    if (report === 'timed out') this.kill();
    return typeof report === 'string'
      ? { end: report, status: 0, headers: {}, body: this.#log.slice(-LAST_WORDS), ms }
      : { ...outcomeOf(report), ms };
  }

  /** Freezes the process, as Lambda does between invocations. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process.kill('SIGCONT');
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** The memory that the process holds, and the most that it has held, in megabytes. */
  memory(): { now: number; peak: number } {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    const megabytes = (name: string) =>
      Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1_024;
    return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.#exited;
    await this.#api[Symbol.asyncDispose]();
  }
}

/** The project's own Node, whatever the PATH of a container is. */
const nodeFile = process.execPath;

/** The environment that Lambda sets, and the settings that do not depend on the servers. */
const environmentOf = (name: string, folder: string) => ({
  _HANDLER: `functions/${name}.handler`,
  LAMBDA_TASK_ROOT: folder,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: `manystore-${name}`,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/manystore-${name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: 'local',
  AWS_REGION: 'eu-central-1',
  CURSOR_SECRET: 'signs the cursors of the runtime tests',
});

interface LoggedError {
  name: string;
  code?: string;
  message?: string;
  cause?: LoggedError;
}

function causesOf(error: LoggedError | undefined): string {
  if (!error) return '';
  const { name, code = '', message = '', cause } = error;
  const text = [name, code, message && `(${message})`].filter(Boolean).join(' ');
  return [text, causesOf(cause)].filter(Boolean).join(', ');
}

function outcomeOf({ kind, body: text }: Report): Omit<Outcome, 'ms'> {
  if (kind === 'error') return { end: 'failed', status: 500, headers: {}, body: parsed(text) };
  const result = parsed(text);
  if (typeof result?.statusCode !== 'number')
    return { end: 'answered', status: 200, headers: {}, body: result };
  const { statusCode: status, headers = {}, body } = result;
  return { end: 'answered', status, headers, body: body === undefined ? undefined : parsed(body) };
}

function parsed(text: string): ReturnType<typeof JSON.parse> {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
