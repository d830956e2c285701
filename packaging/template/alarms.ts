import { SERVER_NAMES } from '#lib/runtime/servers.ts';
import { FUNCTION_GROUPS, reservedConcurrency } from '../function-groups.ts';
import { alarm, mathAlarm } from './alarm.ts';
import { type Deployment, lambdaName, namespaceOf, type Resources } from './context.ts';
import {
  deadLetterMetric,
  gatewayMetric,
  lambdaMetric,
  type Metric,
  ownMetric,
} from './metrics.ts';

/** Requests that are answered with a 5xx status in five minutes, before somebody is woken. */
const FAULTS = 5;

/** Returns every alarm of a deployment. */
export const alarmsOf = (deployment: Deployment): Resources => ({
  ...requestAlarms(deployment),
  ...connectionAlarms(deployment),
  ...mirrorAlarms(deployment),
  ...Object.assign({}, ...FUNCTION_GROUPS.map((group) => groupAlarms(deployment, group))),
});

function requestAlarms(deployment: Deployment): Resources {
  const { stage, values } = deployment;
  const own = (name: string) => ownMetric(namespaceOf(stage), name);
  const throttled: Metric = { namespace: namespaceOf(stage), name: 'Throttled', dimensions: {} };
  return {
    // API Gateway has no metric of its own for the requests that it throttles.
    ThrottledRequests: {
      Type: 'AWS::Logs::MetricFilter',
      Properties: {
        LogGroupName: { Ref: 'HttpApiLogGroup' },
        FilterPattern: '{ $.status = "429" }',
        MetricTransformations: [
          { MetricNamespace: throttled.namespace, MetricName: throttled.name, MetricValue: '1' },
        ],
      },
    },
    Faults: alarm(deployment, own('Faults'), {
      description: 'requests fail with a 5xx status',
      statistic: 'Sum',
      above: FAULTS,
    }),
    GatewayFaults: alarm(deployment, gatewayMetric('5xx'), {
      description: 'the gateway answers with a 5xx status, also where no function answered',
      statistic: 'Sum',
      above: FAULTS,
    }),
    ClientErrors: alarm(deployment, gatewayMetric('4xx'), {
      description: 'many requests are rejected, such as of somebody who tries tokens',
      statistic: 'Sum',
      above: Number(values.ALARM_CLIENT_ERRORS),
    }),
    ClientErrorRate: mathAlarm(
      deployment,
      'IF(requests > 100, 100 * errors / requests, 0)',
      { requests: gatewayMetric('Count'), errors: gatewayMetric('4xx') },
      { description: 'more than half of the requests are rejected', statistic: 'Sum', above: 50 },
    ),
    Throttled: alarm(deployment, throttled, {
      description: 'the gateway throttles requests',
      statistic: 'Sum',
      above: 0,
    }),
    Deadlines: alarm(deployment, own('DeadlinesHit'), {
      description: 'requests reach their time limit',
      statistic: 'Sum',
      above: FAULTS,
    }),
  };
}

function connectionAlarms(deployment: Deployment): Resources {
  const unavailable = { connection: 'cluster', event: 'unavailable' };
  const resources: Resources = {
    ClusterUnavailable: alarm(
      deployment,
      ownMetric(namespaceOf(deployment.stage), 'ConnectionEvents', unavailable),
      {
        description:
          'the cluster of a store has no connection string, or rejects its user; the log names it',
        statistic: 'Sum',
        above: 0,
      },
    ),
  };
  for (const connection of SERVER_NAMES) {
    const id = connection.replace(/^./, (letter) => letter.toUpperCase());
    const events = (event: string) =>
      ownMetric(namespaceOf(deployment.stage), 'ConnectionEvents', { connection, event });
    resources[`${id}Away`] = alarm(deployment, events('circuitOpened'), {
      description: `the ${connection} server does not respond`,
      statistic: 'Sum',
      above: 0,
    });
    // Containers that were frozen find their sockets closed now and then.
    resources[`${id}Disconnects`] = alarm(deployment, events('disconnected'), {
      description: `many containers lose their connection to the ${connection} server`,
      statistic: 'Sum',
      above: 20,
    });
    resources[`${id}Sockets`] = alarm(
      deployment,
      ownMetric(namespaceOf(deployment.stage), 'SocketsFailed', { connection }),
      {
        description: `containers get no socket to the ${connection} server; its connections may be used up`,
        statistic: 'Sum',
        above: 10,
      },
    );
  }
  return resources;
}

function mirrorAlarms(deployment: Deployment): Resources {
  const { stage, values } = deployment;
  const sync = (name: string) => ownMetric(namespaceOf(stage), name, { operation: 'sync-mirror' });
  return {
    SyncLag: alarm(deployment, sync('lagSeconds'), {
      description: 'the mirror is old, or sync-mirror does not run',
      statistic: 'Maximum',
      above: 60 * Number(values.ALARM_SYNC_LAG_MINUTES),
      period: 900,
      needsData: true,
    }),
    SyncFailed: alarm(deployment, sync('failed'), {
      description: 'sync-mirror cannot read some stores, in three runs in a row',
      statistic: 'Minimum',
      above: 0,
      periods: 3,
    }),
    SyncRemaining: alarm(deployment, sync('remaining'), {
      description: 'sync-mirror has not completed for half an hour',
      statistic: 'Minimum',
      above: 0,
      periods: 6,
    }),
    DeadLettersPresent: alarm(deployment, deadLetterMetric, {
      description: 'a scheduled task has failed in all of its attempts',
      statistic: 'Maximum',
      above: 0,
    }),
  };
}

/** One alarm for a group of functions instead of one for each function, which the stack has no room for. */
function groupAlarms(
  deployment: Deployment,
  { name: group, functions }: (typeof FUNCTION_GROUPS)[number],
): Resources {
  const metrics = (metric: string): Record<string, Metric> =>
    Object.fromEntries(
      functions.map((name, index) => [
        `m${index}`,
        lambdaMetric(metric, lambdaName(deployment, name)),
      ]),
    );
  /** Returns the largest percentage that the metrics have of their limits. */
  const percentOf = (limits: readonly number[]) =>
    `100 * MAX([${limits.map((limit, index) => `m${index} / ${limit}`).join(', ')}])`;
  const list = functions.join(', ');
  const timeouts = functions.map(
    (name) => 1_000 * (deployment.functions.find((one) => one.name === name)?.timeout ?? 1),
  );
  const reserved = reservedConcurrency(deployment.values.RESERVED_TOTAL);
  return {
    [`${group}Errors`]: mathAlarm(deployment, 'SUM(METRICS())', metrics('Errors'), {
      description: `a function crashed or timed out: ${list}`,
      statistic: 'Sum',
      above: 0,
    }),
    [`${group}Throttles`]: mathAlarm(deployment, 'SUM(METRICS())', metrics('Throttles'), {
      description: `Lambda rejects invocations: ${list}`,
      statistic: 'Sum',
      above: 0,
    }),
    [`${group}Slow`]: mathAlarm(deployment, percentOf(timeouts), metrics('Duration'), {
      description: `invocations take more than 90 % of the timeout: ${list}`,
      statistic: 'Maximum',
      above: 90,
    }),
    ...(reserved
      ? {
          [`${group}Busy`]: mathAlarm(
            deployment,
            percentOf(functions.map((name) => reserved.get(name) ?? 1)),
            metrics('ConcurrentExecutions'),
            {
              description: `more than 80 % of the reserved concurrency is used: ${list}`,
              statistic: 'Maximum',
              above: 80,
            },
          ),
        }
      : {}),
  };
}
