import type { Server, Sockets } from '#lib/runtime/servers.ts';

/** A function as its deployment needs to know it. */
export interface DeployedFunction {
  name: string;
  kind: 'operation' | 'task';
  /** The servers that it connects to. */
  servers: readonly Server[];
  sockets: Sockets;
  /** Its routes that need no token. */
  publicRoutes: readonly string[];
}

/** Functions that share one alarm of each kind, and a share of the reserved concurrency. */
interface FunctionGroup {
  /** The name in alarms. */
  name: string;
  /** At most ten, because an alarm can compute with ten metrics. */
  functions: readonly string[];
  /** The part of `RESERVED_TOTAL` that the group gets, in percent. */
  share: number;
}

/** A test requires that every function is in exactly one group, and that the shares are 100 together. */
export const FUNCTION_GROUPS: readonly FunctionGroup[] = [
  {
    name: 'Reads',
    functions: [
      ...['get-product', 'list-products', 'get-store', 'list-stores'],
      ...['list-archive', 'get-archived-product'],
    ],
    share: 40,
  },
  {
    name: 'Writes',
    functions: [
      ...['create-product', 'update-product', 'archive-product', 'restore-product'],
      ...['adjust-stock', 'transfer-stock'],
    ],
    share: 30,
  },
  {
    name: 'Stores',
    functions: ['create-store', 'update-store', 'close-store'],
    share: 4,
  },
  {
    name: 'Files',
    functions: ['import-products', 'export-products', 'publish-product', 'ingest-archive'],
    share: 8,
  },
  {
    name: 'Reports',
    functions: [
      ...['search-products', 'report-overview', 'report-stores', 'report-history', 'report-drift'],
    ],
    share: 10,
  },
  { name: 'Public', functions: ['get-health', 'get-docs', 'get-openapi'], share: 5 },
  { name: 'Tasks', functions: ['sync-mirror', 'take-snapshots', 'roll-out-indexes'], share: 3 },
];

/** For each function, so that a task that is invoked manually is not rejected while its scheduled run is in progress. */
const LEAST = 2;

/**
 * Shares the reserved concurrency out: every function gets two, and its part of what its group gets of the rest.
 *
 * @param total the value of `RESERVED_TOTAL`
 * @returns the reserved concurrency of each function, or undefined if it is off
 * @throws {RangeError} if the total is too small for two per function
 */
export function reservedConcurrency(total: string): Map<string, number> | undefined {
  if (total === 'off') return undefined;
  const count = FUNCTION_GROUPS.flatMap(({ functions }) => functions).length;
  const rest = Number(total) - count * LEAST;
  if (rest < 0)
    throw new RangeError(
      `RESERVED_TOTAL must be at least ${count * LEAST}: ${LEAST} for each function`,
    );
  return new Map(
    FUNCTION_GROUPS.flatMap(({ functions, share }) =>
      functions.map((name) => [name, LEAST + Math.floor((rest * share) / 100 / functions.length)]),
    ),
  );
}
