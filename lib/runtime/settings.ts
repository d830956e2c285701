import type { ParameterPlace } from './parameter-store.ts';
import { connectionStringVariable, forEachServer, SERVERS, type Server } from './servers.ts';

/** An environment variable that is missing or malformed. The message names it and never shows its value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

interface Range {
  fallback: number;
  min: number;
  max: number;
}

type PoolSizeVariable = `${Uppercase<Server>}_POOL_SIZE`;

const poolSizeVariable = (server: Server) =>
  `${server.toUpperCase()}_POOL_SIZE` as PoolSizeVariable;

/** The settings that are integers, by the name of their environment variable. */
export const INTEGERS = {
  ...(Object.fromEntries(
    Object.entries(SERVERS).map(([server, { poolSize }]) => [
      poolSizeVariable(server as Server),
      { fallback: poolSize, min: 1, max: 100 },
    ]),
  ) as Record<PoolSizeVariable, Range>),
  STORE_HANDLE_LIMIT: { fallback: 500, min: 1, max: 100_000 },
  STORE_FRESH_MS: { fallback: 5_000, min: 0, max: 300_000 },
  STORE_DRAIN_MS: { fallback: 35_000, min: 0, max: 3_600_000 },
  DEADLINE_MARGIN_MS: { fallback: 500, min: 50, max: 10_000 },
} as const satisfies Record<string, Range>;

/** What nobody else may know: the connection string of each server, and what signs the cursors of lists. */
export interface Secrets extends Readonly<Record<Server, string>> {
  /** All functions of a deployment share it. */
  readonly cursor: string;
}

/** What the environment decides. */
export interface Settings {
  /** Sockets that one container may hold to each server; times the concurrency, that is Atlas' budget. */
  poolSizes: Readonly<Record<Server, number>>;
  stores: {
    /** Store handles that a container keeps besides the ones that running requests hold. */
    handleLimit: number;
    /** How long a registry entry serves without another look: a suspended store is refused at the latest then. */
    freshMs: number;
    /**
     * How long a store that is closed has taken no writes before its database is dropped: longer than an
     * entry of the registry serves and an invocation that it admitted at the last moment runs (29 s).
     */
    drainMs: number;
  };
  /** The secrets, or where they are kept: see `secrets.ts`. */
  secrets: Secrets | ParameterPlace;
  /** How long before Lambda's own end an invocation gives up, so that it can still answer. */
  deadlineMarginMs: number;
  /** Where the files of the function's package are: Lambda starts a function in this folder. */
  packageFolder: string;
  /** Names the connections in the server's log and in `currentOp`. */
  functionName: string;
}

let current: Settings | undefined;

/**
 * The settings, read from the environment by the first call and kept for the life of the process. Nothing reads them
 * when a module is loaded, so that a contract can be imported without an environment.
 *
 * @throws {SettingsError} when a variable is missing or malformed
 */
export function settings(): Settings {
  current ??= readSettings(process.env);
  return current;
}

/**
 * Checks the settings where a function is loaded by Lambda, so that a wrong one shows at once and not with the first
 * request.
 *
 * @returns whether this container may connect before its first request. One that is kept as a snapshot (SnapStart)
 *   may not: all its copies would share the sockets
 * @throws {SettingsError} when a variable is missing or malformed
 */
export function startContainer(): boolean {
  const { AWS_LAMBDA_FUNCTION_NAME, AWS_LAMBDA_INITIALIZATION_TYPE: type } = process.env;
  if (AWS_LAMBDA_FUNCTION_NAME) settings();
  return type === 'on-demand' || type === 'provisioned-concurrency';
}

type Environment = Readonly<Record<string, string | undefined>>;

function readSettings(env: Environment): Settings {
  return {
    poolSizes: forEachServer((server) => integer(env, poolSizeVariable(server))),
    stores: {
      handleLimit: integer(env, 'STORE_HANDLE_LIMIT'),
      freshMs: integer(env, 'STORE_FRESH_MS'),
      drainMs: integer(env, 'STORE_DRAIN_MS'),
    },
    secrets: env.SECRETS_PARAMETER
      ? {
          parameter: env.SECRETS_PARAMETER,
          // Lambda sets these; the endpoint is one of AWS' own variables, for teams that use another one.
          region: env.AWS_REGION || '',
          endpoint: env.AWS_ENDPOINT_URL_SSM || undefined,
          credentials: {
            accessKeyId: env.AWS_ACCESS_KEY_ID || '',
            secretAccessKey: env.AWS_SECRET_ACCESS_KEY || '',
            sessionToken: env.AWS_SESSION_TOKEN || '',
          },
        }
      : {
          ...forEachServer((server) => required(env, connectionStringVariable(server))),
          cursor: cursorSecret(env),
        },
    deadlineMarginMs: integer(env, 'DEADLINE_MARGIN_MS'),
    packageFolder: process.cwd(),
    functionName: env.AWS_LAMBDA_FUNCTION_NAME || 'manystore',
  };
}

function required(env: Environment, name: string): string {
  const value = env[name];
  if (!value?.trim()) throw new SettingsError(`The environment variable ${name} is not set`);
  return value;
}

/**
 * Returns what is wrong with a secret that shall sign cursors; undefined if nothing is. Whoever guesses it can forge
 * cursors, which are positions that no schema checks.
 */
export const faultOfCursorSecret = (secret: string): string | undefined =>
  secret.trim().length < 32 ? 'must have at least 32 characters' : undefined;

function cursorSecret(env: Environment): string {
  const secret = required(env, 'CURSOR_SECRET');
  const fault = faultOfCursorSecret(secret);
  if (fault) throw new SettingsError(`The environment variable CURSOR_SECRET ${fault}`);
  return secret;
}

function integer(env: Environment, name: keyof typeof INTEGERS): number {
  const { fallback, min, max } = INTEGERS[name];
  const text = env[name];
  if (!text) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new SettingsError(
      `The environment variable ${name} must be an integer from ${min} to ${max}`,
    );
  return value;
}
