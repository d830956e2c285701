import { SERVER_NAMES } from '#lib/runtime/servers.ts';
import { FUNCTION_GROUPS } from '../function-groups.ts';
import {
  type Deployment,
  lambdaName,
  namespaceOf,
  type Resource,
  type Resources,
} from './context.ts';
import {
  deadLetterMetric,
  gatewayMetric,
  lambdaMetric,
  type Metric,
  ownMetric,
} from './metrics.ts';

/** The width of a dashboard, and the size of a graph, in its units. */
const COLUMNS = 24;
const WIDTH = 8;
const HEIGHT = 6;

/** A line of a graph: a metric, or an expression, with its statistic. */
type Line =
  | [metric: Metric, stat?: string, label?: string]
  | { expression: string; label?: string };

interface Graph {
  title: string;
  lines: Line[];
  stat?: string;
}

/**
 * Returns the dashboard of a deployment: the state of its alarms, and what the alarms watch.
 *
 * @param alarms the alarms of the deployment
 */
export function dashboardOf(deployment: Deployment, alarms: Resources): Resource {
  const ids = Object.keys(alarms).filter((id) => alarms[id]?.Type === 'AWS::CloudWatch::Alarm');
  const alarmWidget = {
    type: 'alarm',
    ...{ x: 0, y: 0, width: COLUMNS, height: HEIGHT },
    properties: { title: 'Alarms', alarms: ids.map((id) => `\${${id}.Arn}`) },
  };
  const graphs = graphsOf(deployment).map(({ title, lines, stat = 'Sum' }, index) => ({
    type: 'metric',
    x: (index % (COLUMNS / WIDTH)) * WIDTH,
    y: HEIGHT * (1 + Math.floor(index / (COLUMNS / WIDTH))),
    ...{ width: WIDTH, height: HEIGHT },
    properties: {
      ...{ title, stat, period: 300, region: `\${AWS::Region}`, view: 'timeSeries' },
      metrics: lines.map(asLine),
    },
  }));
  return {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: {
      DashboardName: { 'Fn::Sub': `${deployment.prefix}-\${AWS::Region}` },
      DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets: [alarmWidget, ...graphs] }) },
    },
  };
}

function graphsOf(deployment: Deployment): Graph[] {
  const namespace = namespaceOf(deployment.stage);
  const own = (name: string, dimensions: Record<string, string> = {}) =>
    ownMetric(namespace, name, dimensions);
  /** Returns a line for every operation that has published the metric. */
  const byOperation = (name: string, stat: string): Line => ({
    expression: `SEARCH('{${namespace},service,operation} MetricName="${name}"', '${stat}')`,
  });
  const sync = (name: string): Metric => own(name, { operation: 'sync-mirror' });
  return [
    {
      title: 'Requests and rejections',
      lines: [[gatewayMetric('Count')], [gatewayMetric('4xx')], [gatewayMetric('5xx')]],
    },
    { title: 'Faults by operation', lines: [byOperation('Faults', 'Sum')] },
    { title: 'Duration by operation, p99', lines: [byOperation('Duration', 'p99')] },
    {
      title: 'Latency at the gateway',
      lines: [
        [gatewayMetric('Latency'), 'p50', 'p50'],
        [gatewayMetric('Latency'), 'p99', 'p99'],
      ],
    },
    {
      title: 'Cold starts, and rejected code caches',
      lines: [byOperation('ColdStarts', 'Sum'), byOperation('CodeCacheRejected', 'Sum')],
    },
    {
      title: 'Concurrent executions',
      stat: 'Maximum',
      lines: FUNCTION_GROUPS.flatMap(({ functions }) =>
        functions.map(
          (name): Line => [
            lambdaMetric('ConcurrentExecutions', lambdaName(deployment, name)),
            'Maximum',
            name,
          ],
        ),
      ),
    },
    {
      title: 'Sockets to the servers',
      lines: SERVER_NAMES.flatMap((connection) =>
        ['SocketsOpened', 'SocketsClosed', 'SocketsFailed', 'PoolWaits'].map(
          (name): Line => [own(name, { connection }), 'Sum', `${connection} ${name}`],
        ),
      ),
    },
    {
      title: 'Events of the connections',
      lines: [
        {
          expression: `SEARCH('{${namespace},service,connection,event} MetricName="ConnectionEvents"', 'Sum')`,
        },
      ],
    },
    {
      title: 'Store handles',
      lines: [[own('StoreHandlesOpened')], [own('StoreHandlesEvicted')]],
    },
    { title: 'Retries and time limits', lines: [[own('Retries')], [own('DeadlinesHit')]] },
    {
      title: 'The mirror',
      stat: 'Maximum',
      lines: [[sync('lagSeconds')], [sync('failed')], [sync('remaining')]],
    },
    { title: 'Dead letters', stat: 'Maximum', lines: [[deadLetterMetric]] },
  ];
}

/** Returns a line in CloudWatch's form. References become `${…}`, because the body is text. */
function asLine(line: Line): unknown[] {
  if (!Array.isArray(line)) return [line];
  const [{ namespace, name, dimensions }, stat, label] = line;
  return [
    namespace,
    name,
    ...Object.entries(dimensions).flatMap(([key, value]) => [key, asText(value)]),
    { ...(stat ? { stat } : {}), ...(label ? { label } : {}) },
  ];
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: string[] };
  return `\${${Ref ?? attribute?.join('.')}}`;
}
