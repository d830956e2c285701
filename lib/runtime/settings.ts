import { getBooleanFromEnv } from '@aws-lambda-powertools/commons/utils/env';
import {
  type ClusterStrings,
  faultOfClusterName,
  PRIMARY_CLUSTER,
  parseClusterStrings,
} from './cluster-names.ts';
import type { ParameterSource } from './parameter-store.ts';
import { connectionStringVariable, forEachServer, SERVER_NAMES, type Server } from './servers.ts';

/** An environment variable is missing or malformed. The message contains its name, but not its value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

interface Range {
  /** Undefined for a setting that is optional. */
  fallback: number | undefined;
  min: number;
  max: number;
}

type PoolSizeVariable = `${Uppercase<Server>}_POOL_SIZE`;

const poolSizeVariable = (server: Server) =>
  `${server.toUpperCase()}_POOL_SIZE` as PoolSizeVariable;

/** The settings that are integers, by the name of their environment variable. */
export const INTEGERS = {
  ...(Object.fromEntries(
    SERVER_NAMES.map((server) => [
      poolSizeVariable(server),
      { fallback: undefined, min: 1, max: 100 },
    ]),
  ) as Record<PoolSizeVariable, { fallback: undefined; min: number; max: number }>),
  CLUSTER_POOL_SIZE: { fallback: 2, min: 1, max: 100 },
  CLUSTER_LIMIT: { fallback: 4, min: 1, max: 100 },
  STORE_HANDLE_LIMIT: { fallback: 500, min: 1, max: 100_000 },
  STORE_FRESH_MS: { fallback: 5_000, min: 0, max: 300_000 },
  STORE_DRAIN_MS: { fallback: 35_000, min: 0, max: 3_600_000 },
  DEADLINE_MARGIN_MS: { fallback: 500, min: 50, max: 5_000 },
} as const satisfies Record<string, Range>;

/** The connection string of each server, and the key that signs cursors. */
export interface Secrets extends Readonly<Record<Server, string>> {
  /** It is the same in all functions of a deployment. */
  readonly cursor: string;
}

/** The settings of the service, which come from environment variables. */
export interface Settings {
  /** The maximum number of sockets to each server, where it is not what `poolSize()` of `connections.ts` chooses. */
  poolSizes: Record<Server, number | undefined>;
  /** Whether this is a Lambda container that gets its requests one after another. */
  isOneAtATime: boolean;
  clusters: {
    /** The maximum number of sockets to each cluster other than the primary. */
    poolSize: number;
    /** The number of cluster connections that a container keeps in addition to those in use by running requests. */
    limit: number;
    /** The cluster of new stores; undefined for the one with the fewest stores. */
    fallback: string | undefined;
    /** The connection strings, or the parameter under whose name theirs are: see `cluster-strings.ts`. */
    strings: ClusterStrings | ParameterSource;
  };
  stores: {
    /** The number of store handles that a container keeps in addition to those in use by running requests. */
    handleLimit: number;
    /** How long a registry entry is cached. A suspended store may accept writes for this long. */
    freshMs: number;
    /**
     * The time between the last possible write to a closing store and the drop of its database. It must be longer than
     * `freshMs` and the longest invocation (29 s) together.
     */
    drainMs: number;
  };
  /** The secrets, or the parameter that contains them: see `secrets.ts`. */
  secrets: Secrets | ParameterSource;
  /** How long before Lambda ends an invocation its work is aborted, so that it can still respond. */
  deadlineMarginMs: number;
  /** The folder of the function's package. It is the working directory of a Lambda function. */
  packageFolder: string;
  /** The name of the connections in the server's log and in `currentOp`. */
  functionName: string;
}

let current: Settings | undefined;

/**
 * Returns the settings. The first call reads them from the environment. Modules must not call it while they are loaded,
 * so that a contract can be imported without an environment.
 *
 * @throws {SettingsError} when a variable is missing or malformed
 */
export function settings(): Settings {
  current ??= readSettings(process.env);
  return current;
}

/**
 * Checks the settings when Lambda loads a function, so that an invalid one fails before the first request.
 *
 * @returns whether the container may connect before its first request. With SnapStart it may not, because all copies of
 *   the snapshot would share the sockets
 * @throws {SettingsError} when a variable is missing or malformed
 */
export function startContainer(): boolean {
  const { AWS_LAMBDA_FUNCTION_NAME, AWS_LAMBDA_INITIALIZATION_TYPE: type = '' } = process.env;
  if (AWS_LAMBDA_FUNCTION_NAME) settings();
  return ONE_AT_A_TIME.has(type) && type !== SNAP_START;
}

/** Where metrics go. */
interface MetricsTarget {
  /** One for each deployed stage. */
  namespace: string;
  isDisabled: boolean;
}

let metricsTarget: MetricsTarget | undefined;

/** Returns where metrics go. It is not one of the settings, which may be invalid. */
export function metricsSettings(): MetricsTarget {
  metricsTarget ??= {
    namespace: process.env.POWERTOOLS_METRICS_NAMESPACE || 'Manystore',
    isDisabled: getBooleanFromEnv({
      key: 'POWERTOOLS_METRICS_DISABLED',
      defaultValue: false,
      extendedParsing: true,
    }),
  };
  return metricsTarget;
}

/** Where traces go: to X-Ray, to the log, or nowhere. */
type Tracing = 'off' | 'xray' | 'log';
let currentTracing: Tracing | undefined;

/** Returns where traces go; nowhere by default. Reading the environment each time would slow down every request. */
export function tracing(): Tracing {
  currentTracing ??= (['xray', 'log'] as const).find((one) => one === process.env.TRACES) ?? 'off';
  return currentTracing;
}

/** Returns what Lambda says of the current invocation's trace: its header, and the address of the X-Ray daemon. */
export const invocationTrace = (): { header: string; daemon: string } => ({
  header: process.env._X_AMZN_TRACE_ID ?? '',
  daemon: process.env.AWS_XRAY_DAEMON_ADDRESS ?? '',
});

const SNAP_START = 'snap-start';
/** How Lambda starts containers that get one request at a time. Managed instances get several. */
const ONE_AT_A_TIME: ReadonlySet<string> = new Set([
  'on-demand',
  'provisioned-concurrency',
  SNAP_START,
]);

type Environment = Readonly<Record<string, string | undefined>>;

function readSettings(env: Environment): Settings {
  const parameter = parameterSource(env);
  const strings = parameter ?? clusterStrings(env);
  return {
    poolSizes: forEachServer((server) => integer(env, poolSizeVariable(server))),
    isOneAtATime: ONE_AT_A_TIME.has(env.AWS_LAMBDA_INITIALIZATION_TYPE ?? ''),
    clusters: {
      poolSize: integer(env, 'CLUSTER_POOL_SIZE'),
      limit: integer(env, 'CLUSTER_LIMIT'),
      fallback: defaultCluster(env, strings),
      strings,
    },
    stores: {
      handleLimit: integer(env, 'STORE_HANDLE_LIMIT'),
      freshMs: integer(env, 'STORE_FRESH_MS'),
      drainMs: integer(env, 'STORE_DRAIN_MS'),
    },
    secrets: parameter ?? {
      ...forEachServer((server) => required(env, connectionStringVariable(server))),
      cursor: cursorSecret(env),
    },
    deadlineMarginMs: integer(env, 'DEADLINE_MARGIN_MS'),
    packageFolder: process.cwd(),
    functionName: env.AWS_LAMBDA_FUNCTION_NAME || 'manystore',
  };
}

/** Returns the parameter with the secrets, which is only in AWS. */
function parameterSource(env: Environment): ParameterSource | undefined {
  if (!env.SECRETS_PARAMETER) return undefined;
  return {
    parameter: env.SECRETS_PARAMETER,
    // Lambda sets these variables. The endpoint is a standard variable of the AWS SDKs, and is optional.
    region: env.AWS_REGION || '',
    endpoint: env.AWS_ENDPOINT_URL_SSM || undefined,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID || '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY || '',
      sessionToken: env.AWS_SESSION_TOKEN || '',
    },
  };
}

function clusterStrings(env: Environment): ClusterStrings {
  const strings = parseClusterStrings(env.CLUSTER_CONN_STRS || '{}');
  if (typeof strings === 'string')
    throw new SettingsError(`The environment variable CLUSTER_CONN_STRS ${strings}`);
  return strings;
}

function defaultCluster(
  { DEFAULT_CLUSTER: name }: Environment,
  strings: ClusterStrings | ParameterSource,
): string | undefined {
  if (!name || name === PRIMARY_CLUSTER) return name || undefined;
  const isKnown = 'parameter' in strings || strings.has(name);
  const fault =
    faultOfClusterName(name) ?? (isKnown ? undefined : 'must be a cluster in CLUSTER_CONN_STRS');
  if (fault) throw new SettingsError(`The environment variable DEFAULT_CLUSTER ${fault}`);
  return name;
}

function required(env: Environment, name: string): string {
  const value = env[name];
  if (!value?.trim()) throw new SettingsError(`The environment variable ${name} is not set`);
  return value;
}

/**
 * Returns what is wrong with a secret that signs cursors, or undefined if nothing is. Anyone who guesses it can forge
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

function integer<Name extends keyof typeof INTEGERS>(
  env: Environment,
  name: Name,
): number | (typeof INTEGERS)[Name]['fallback'] {
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
