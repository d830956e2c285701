import { parseArgs } from 'node:util';
import { type EmbeddedMongo, type EmbeddedMongoOptions, startEmbeddedMongo } from './server.ts';

const usage =
  'Usage: embedded-mongodb [--port PORT] [--replica-set NAME] [--host ADDRESS] [--help]';

const help = `${usage}

Starts a MongoDB-compatible server that keeps its data in memory.

Options:
  --port PORT         port to listen on; 0 chooses a free one (default: 27017)
  --replica-set NAME  name of the replica set (default: rs0)
  --host ADDRESS      address to listen on (default: 127.0.0.1); the server has no
                      authentication, so that any other address exposes its data
  --help              print this help

Ctrl-C stops the server and discards its data.`;

/** Thrown when the arguments are not valid; its message is shown above the usage. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

function isErrorWithCode(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

function parse(args: readonly string[]) {
  try {
    const options = {
      port: { type: 'string', default: '27017' },
      'replica-set': { type: 'string', default: 'rs0' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    if (!isErrorWithCode(error) || !error.code.startsWith('ERR_PARSE_ARGS')) throw error;
    // Keep only the first sentence: the rest of Node's message is about positional arguments, which are not used here.
    const [firstSentence = error.message] = error.message.split(/\.\s/);
    throw new UsageError(firstSentence, { cause: error });
  }
}

/**
 * Reads the arguments of the command.
 *
 * @returns the options to start the server with, or undefined if help was requested
 * @throws UsageError for an unknown option or an invalid value
 */
function optionsFrom(args: readonly string[]): Required<EmbeddedMongoOptions> | undefined {
  const { port, host, 'replica-set': replicaSet, help: isHelp } = parse(args);
  if (isHelp) return undefined;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError(`Invalid port '${port}': expected a whole number from 0 to 65535`);
  }
  if (replicaSet === '') throw new UsageError('The name of the replica set must not be empty');
  if (host === '') throw new UsageError('The host must not be empty');
  return { port: Number(port), replicaSet, host };
}

function listenFailure(error: unknown, { port, host }: Required<EmbeddedMongoOptions>): string {
  if (isErrorWithCode(error) && error.code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is already in use. Stop the server that uses it, or choose another port with --port (0 for any free port).`;
  }
  return `Cannot listen on ${host}, port ${port}: ${error instanceof Error ? error.message : String(error)}`;
}

function fail(exitCode: number, ...lines: string[]): void {
  console.error(`embedded-mongodb: ${lines.join('\n')}`);
  process.exitCode = exitCode;
}

function stopOnSignal(server: EmbeddedMongo): void {
  const stop = () => {
    // A second signal ends the process immediately.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
    console.log('Stopped.');
    void server.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}

/**
 * Runs the command `embedded-mongodb` until SIGINT or SIGTERM.
 *
 * Sets the exit code to 2 for invalid arguments, and to 1 if the server cannot listen.
 *
 * @param args the arguments after the command's name
 */
export async function main(args: readonly string[]): Promise<void> {
  let options: Required<EmbeddedMongoOptions> | undefined;
  try {
    options = optionsFrom(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    fail(2, error.message, usage);
    return;
  }
  if (!options) {
    console.log(help);
    return;
  }
  try {
    const server = await startEmbeddedMongo(options);
    stopOnSignal(server);
    console.log(`Listening on ${server.uri}`);
    console.log('The data is in memory only. Press Ctrl-C to stop the server.');
  } catch (error) {
    fail(1, listenFailure(error, options));
  }
}
