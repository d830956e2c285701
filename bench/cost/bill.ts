import type { Calls, Measured } from './measured.ts';
import type { Prices } from './prices.ts';

/*
 * Computes what measured calls cost. Everything that is assumed and not measured is a constant of this file.
 */

const MILLION = 1_000_000;
export const HOURS_PER_MONTH = 730;
const MB_PER_GB = 1_024;
/** One invocation of a hundred starts a new container. AWS names less than that for most functions. */
export const COLD_SHARE = 0.01;
/** API Gateway counts a request or response as one for each 512 kB. */
const GATEWAY_UNIT = 512 * 1_024;
/** What CloudWatch counts for each log event in addition to its text. */
export const EVENT_OVERHEAD = 26;

/** The lines that Lambda itself writes for an invocation. */
export const PLATFORM_LINES = [
  'START RequestId: 8f507cfc-0b2e-4c55-a2f6-3f2d3a9f1b7e Version: 12\n',
  'END RequestId: 8f507cfc-0b2e-4c55-a2f6-3f2d3a9f1b7e\n',
  'REPORT RequestId: 8f507cfc-0b2e-4c55-a2f6-3f2d3a9f1b7e\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 130 MB\t\n',
];
/** The line of the gateway's access log, in the format of serverless.yml. */
export const ACCESS_LINE =
  '{"requestId":"dXJfYh0JliAEPTA=","lambdaRequestId":"8f507cfc-0b2e-4c55-a2f6-3f2d3a9f1b7e","time":"30/Nov/2026:10:20:30 +0000","sourceIp":"203.0.113.10","subject":"9f2c1d5e-7a3b-4c8d-9e0f-1a2b3c4d5e6f","client":"4h2k9v0s8d7f6g5h4j3k2l1m0n","route":"GET /stores/{store}/products/{product}","status":"200","error":"-","authorizerError":"-","latency":"19"}\n';

const bytesOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + Buffer.byteLength(line) + EVENT_OVERHEAD, 0);

/** What a million calls cost, in US dollars. */
export interface MillionCalls {
  /** The billed duration of a call, on average, in milliseconds. */
  ms: number;
  duration: number;
  invocations: number;
  gateway: number;
  logs: number;
  decryptions: number;
  total: number;
  /** The bodies of the responses, which `total` does not include. */
  transfer: number;
}

/** What runs behind a request, next to the function. */
interface Around {
  /** Whether the gateway is in front of the function; a scheduled task has none. */
  hasGateway?: boolean;
  /** Whether the gateway writes an access log. */
  hasAccessLog?: boolean;
  /** Whether a cold start reads its connection strings from Parameter Store. */
  readsSecrets?: boolean;
  /** The share of calls that start a container. */
  coldShare?: number;
  /** Log events of a call, next to those of Lambda. */
  logEvents?: number;
}

/** Returns what a million calls cost. */
export function costOfMillion(
  { memory, init, first, warm, logBytes, bodyBytes }: Calls,
  prices: Prices,
  {
    hasGateway = true,
    hasAccessLog = true,
    readsSecrets = true,
    coldShare = COLD_SHARE,
    logEvents = 1,
  }: Around = {},
): MillionCalls {
  const ms = (1 - coldShare) * warm + coldShare * (init + first);
  const gigabytes = memory / MB_PER_GB;
  const duration = ((MILLION * ms) / 1_000) * gigabytes * prices.lambdaX86.usd;
  const invocations = prices.lambdaRequests.usd;
  const units = Math.max(1, Math.ceil(bodyBytes / GATEWAY_UNIT));
  const gateway = hasGateway ? units * prices.httpApi.usd : 0;
  const lines = hasGateway && hasAccessLog ? [...PLATFORM_LINES, ACCESS_LINE] : PLATFORM_LINES;
  const own = logBytes > 0 ? logBytes + logEvents * EVENT_OVERHEAD : 0;
  const logs = ((MILLION * (own + bytesOf(lines))) / 1e9) * prices.logs.usd;
  const decryptions = readsSecrets ? ((MILLION * coldShare) / 10_000) * prices.decryptions.usd : 0;
  return {
    ms,
    ...{ duration, invocations, gateway, logs, decryptions },
    total: duration + invocations + gateway + logs + decryptions,
    transfer: ((MILLION * bodyBytes) / 1e9) * prices.transferOut.usd,
  };
}

/** Returns what the tutorial's shape costs for a million calls: it writes no log, and its secrets are in its environment. */
export const tutorialMillion = (calls: Calls, prices: Prices, coldShare = COLD_SHARE) =>
  costOfMillion(calls, prices, { hasAccessLog: false, readsSecrets: false, coldShare });

/** A monthly cost that does not depend on requests, in US dollars. */
export interface Fixed {
  what: string;
  how: string;
  usd: number;
}

/** Returns what a deployment costs in a month without a request, except for its clusters. */
export function fixedCosts({ stack, tasks }: Measured, prices: Prices): Fixed[] {
  const { operations, alarmMetrics, dashboards } = stack;
  const { metricsPerOperation, taskMetrics, sharedMetrics } = stack;
  const metrics = operations * metricsPerOperation + taskMetrics + sharedMetrics;
  return [
    {
      what: 'custom metrics',
      how: `at most ${metrics}: ${metricsPerOperation} for each of ${operations} operations, ${taskMetrics} of the scheduled tasks, and ${sharedMetrics} shared; CloudWatch counts the hours in which a metric is published`,
      usd: metrics * prices.metrics.usd,
    },
    {
      what: 'alarms',
      how: `${alarmMetrics} metrics that alarms evaluate`,
      usd: alarmMetrics * prices.alarms.usd,
    },
    { what: 'dashboard', how: `${dashboards}`, usd: dashboards * prices.dashboards.usd },
    ...tasks.map((task) => ({
      what: task.name,
      how: `${task.perMonth} runs, each in a new container: ${Math.round(task.init + task.first)} ms`,
      usd:
        (costOfMillion(task, prices, { hasGateway: false, coldShare: 1 }).total * task.perMonth) /
        MILLION,
    })),
    { what: 'Parameter Store', how: 'standard parameters', usd: prices.parameters.usd },
  ];
}

/** Returns what two clusters of an Atlas tier cost in a month. */
export const twoClusters = (tier: 'm10' | 'm20' | 'm30', prices: Prices): number =>
  2 * HOURS_PER_MONTH * prices[tier].usd;
