/**
 * What the environment decides: read once, here, when a function is loaded, and typed.
 * A variable that is missing or malformed stops the load with its name. Its value is never shown.
 */
export const settings = {
  /** The primary server: the registry of stores, the head catalog, and a database per store. */
  primary: {
    /** Sockets that one container may hold to it; times the concurrency, that is Atlas' budget. */
    poolSize: integer('PRIMARY_POOL_SIZE', { fallback: 5, min: 1, max: 100 }),
  },
  /** The secondary server: the mirror and the archive. */
  secondary: {
    poolSize: integer('SECONDARY_POOL_SIZE', { fallback: 3, min: 1, max: 100 }),
  },
  stores: {
    /** Store handles that a container keeps besides the ones that running requests hold. */
    handleLimit: integer('STORE_HANDLE_LIMIT', { fallback: 500, min: 1, max: 100_000 }),
    /** How long a registry entry serves without another look: a suspended store is refused at the latest then. */
    freshMs: integer('STORE_FRESH_MS', { fallback: 5_000, min: 0, max: 300_000 }),
    /**
     * How long a store that is closed has taken no writes before its database is dropped: longer than an
     * entry of the registry serves and an invocation that it admitted at the last moment runs (29 s).
     */
    drainMs: integer('STORE_DRAIN_MS', { fallback: 35_000, min: 0, max: 3_600_000 }),
  },
  /** What nobody else may know, or where it is kept: see `lib/runtime/secrets.ts`. */
  secrets: process.env.SECRETS_PARAMETER
    ? {
        parameter: process.env.SECRETS_PARAMETER,
        // Lambda sets these; the endpoint is one of AWS' own variables, for those who have one of their own.
        region: process.env.AWS_REGION || '',
        endpoint: process.env.AWS_ENDPOINT_URL_SSM || undefined,
        credentials: {
          accessKeyId: process.env.AWS_ACCESS_KEY_ID || '',
          secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY || '',
          sessionToken: process.env.AWS_SESSION_TOKEN || '',
        },
      }
    : {
        primary: required('PRIMARY_CONN_STR'),
        secondary: required('SECONDARY_CONN_STR'),
        cursor: required('CURSOR_SECRET'),
      },
  /** How long before Lambda's own end an invocation gives up, so that it can still answer. */
  deadlineMarginMs: integer('DEADLINE_MARGIN_MS', { fallback: 500, min: 50, max: 10_000 }),
  /**
   * Whether this process is a container of Lambda's that starts now, and so may connect before it is asked for
   * anything. Not one that is kept as a snapshot: its sockets would be those of all its copies.
   */
  connectsEarly: ['on-demand', 'provisioned-concurrency'].includes(
    process.env.AWS_LAMBDA_INITIALIZATION_TYPE || '',
  ),
  /** Where the files of the function's package are: Lambda starts a function in this folder. */
  packageFolder: process.cwd(),
  /** Names the connections in the server's log and in `currentOp`. */
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME || 'manystore',
} as const;

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set`);
  return value;
}

function integer(
  name: string,
  { fallback, min, max }: { fallback: number; min: number; max: number },
): number {
  const text = process.env[name];
  if (!text) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new Error(`The environment variable ${name} must be an integer from ${min} to ${max}`);
  return value;
}
