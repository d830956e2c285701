import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DataFolderError, MongoCommandError } from './errors.ts';
import type { EmbeddedMongoOptions, EmbeddedMongoTls, EmbeddedMongoUser } from './options.ts';
import { type EmbeddedMongo, startEmbeddedMongo } from './server.ts';

const usage =
  'Usage: embedded-mongodb [--port PORT] [--replica-set NAME] [--host ADDRESS] [--data FOLDER] [--users FILE] [--tls-key FILE --tls-cert FILE [--tls-ca FILE]] [--help]';

const help = `${usage}

Starts a MongoDB-compatible server that keeps its data in memory, unless
--data names a folder for it.

Options:
  --port PORT         port to listen on; 0 chooses a free one (default: 27017)
  --replica-set NAME  name of the replica set (default: rs0)
  --host ADDRESS      address to listen on (default: 127.0.0.1); without --users,
                      any other address exposes the data of the server
  --data FOLDER       folder in which the data is stored over restarts
  --users FILE        JSON file with the users, so that clients must sign in:
                      [{ "user": "app", "pwd": "secret", "roles": ["root"] }]
  --tls-key FILE      private key of the server (PEM); with it, and with
  --tls-cert FILE     its certificate, the server accepts only TLS connections
  --tls-ca FILE       certificates of the authorities for clients' certificates,
                      which the server then requires
  --help              print this help

Ctrl-C stops the server and, without --data, discards its data.`;

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
      data: { type: 'string' },
      users: { type: 'string' },
      'tls-key': { type: 'string' },
      'tls-cert': { type: 'string' },
      'tls-ca': { type: 'string' },
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

type Files = Readonly<Record<'users' | 'tls-key' | 'tls-cert' | 'tls-ca', string>>;

function read(option: keyof Files, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read the file of --${option}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function usersIn(file: string): EmbeddedMongoUser[] {
  const expected = 'a JSON array of { "user": string, "pwd": string, "roles": array }';
  const text = read('users', file);
  try {
    const users: unknown = JSON.parse(text);
    if (Array.isArray(users) && users.length > 0 && users.every(isUser)) return users;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UsageError(`Invalid file of --users: expected ${expected}`);
}

function isUser(value: unknown): value is EmbeddedMongoUser {
  if (typeof value !== 'object' || value === null) return false;
  const { user, pwd, roles, db = 'admin' } = value as Record<string, unknown>;
  const texts = [user, pwd, db];
  return texts.every((text) => typeof text === 'string' && text !== '') && Array.isArray(roles);
}

function tlsFrom(files: Partial<Files>): EmbeddedMongoTls | undefined {
  const { 'tls-key': key, 'tls-cert': cert, 'tls-ca': ca } = files;
  if (key === undefined && cert === undefined && ca === undefined) return undefined;
  if (key === undefined || cert === undefined) {
    throw new UsageError('TLS needs both --tls-key and --tls-cert');
  }
  return {
    key: read('tls-key', key),
    cert: read('tls-cert', cert),
    ...(ca !== undefined && { ca: read('tls-ca', ca) }),
  };
}

/** The options of the command: those of the server, with a port, a replica set and a host. */
type Options = EmbeddedMongoOptions &
  Required<Pick<EmbeddedMongoOptions, 'port' | 'replicaSet' | 'host'>>;

/**
 * Reads the arguments of the command.
 *
 * @returns the options to start the server with, or undefined if help was requested
 * @throws UsageError for an unknown option or an invalid value
 */
function optionsFrom(args: readonly string[]): Options | undefined {
  const values = parse(args);
  const { port, host, 'replica-set': replicaSet, data, users, help: isHelp, ...files } = values;
  if (isHelp) return undefined;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError(`Invalid port '${port}': expected a whole number from 0 to 65535`);
  }
  if (replicaSet === '') throw new UsageError('The name of the replica set must not be empty');
  if (host === '') throw new UsageError('The host must not be empty');
  if (data === '') throw new UsageError('The data folder must not be empty');
  const tls = tlsFrom(files);
  return {
    ...{ port: Number(port), replicaSet, host },
    ...(data !== undefined && { dataFolder: data }),
    ...(users !== undefined && { users: usersIn(users) }),
    ...(tls && { tls }),
  };
}

function startFailure(error: unknown, { port, host }: Options): string {
  if (error instanceof DataFolderError) return error.message;
  if (error instanceof MongoCommandError) return `Cannot create the users: ${error.message}`;
  if (isErrorWithCode(error) && error.code.startsWith('ERR_OSSL')) {
    return `Cannot use the key and the certificates: ${error.message}`;
  }
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
 * Sets the exit code to 2 for invalid arguments, and to 1 if the server cannot start.
 *
 * @param args the arguments after the command's name
 */
export async function main(args: readonly string[]): Promise<void> {
  let options: Options | undefined;
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
    const { dataFolder } = options;
    const place = dataFolder === undefined ? 'in memory only' : `stored in ${dataFolder}`;
    console.log(`The data is ${place}. Press Ctrl-C to stop the server.`);
  } catch (error) {
    fail(1, startFailure(error, options));
  }
}
