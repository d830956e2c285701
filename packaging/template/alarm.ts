import type { Deployment, Resource } from './context.ts';
import { asAlarmMetric, type Metric } from './metrics.ts';

/** The conditions of an alarm. */
interface Condition {
  /** What has happened, for a person who is woken by it. */
  description: string;
  statistic: 'Sum' | 'Maximum' | 'Minimum';
  /** The alarm is raised above this value. */
  above: number;
  /** How many periods in a row must be above it. The default is 1. */
  periods?: number;
  /** In seconds; the default is 300. */
  period?: number;
  /** Whether missing data raise the alarm. The default is false. */
  needsData?: boolean;
}

/** Returns an alarm of one metric. */
export const alarm = (
  deployment: Deployment,
  metric: Metric,
  { statistic, period = 300, ...condition }: Condition,
): Resource => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    ...common(deployment, condition),
    ...asAlarmMetric(metric),
    Statistic: statistic,
    Period: period,
  },
});

/**
 * Returns an alarm that computes with several metrics.
 *
 * @param metrics at most ten, by the id that the expression uses
 */
export const mathAlarm = (
  deployment: Deployment,
  expression: string,
  metrics: Readonly<Record<string, Metric>>,
  { statistic, period = 300, ...condition }: Condition,
): Resource => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    ...common(deployment, condition),
    Metrics: [
      { Id: 'result', Expression: expression, Label: condition.description },
      ...Object.entries(metrics).map(([id, metric]) => {
        const { Dimensions, ...rest } = asAlarmMetric(metric);
        return {
          Id: id,
          ReturnData: false,
          MetricStat: { Metric: { ...rest, Dimensions }, Period: period, Stat: statistic },
        };
      }),
    ],
  },
});

function common(
  { prefix, values }: Deployment,
  { description, above, periods = 1, needsData = false }: Omit<Condition, 'statistic' | 'period'>,
): Record<string, unknown> {
  return {
    AlarmDescription: `${prefix}: ${description}`,
    Threshold: above,
    EvaluationPeriods: periods,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: needsData ? 'breaching' : 'notBreaching',
    ...(values.ALARM_TOPIC
      ? { AlarmActions: [values.ALARM_TOPIC], OKActions: [values.ALARM_TOPIC] }
      : {}),
  };
}
