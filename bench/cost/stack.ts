import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Measured } from './measured.ts';

/** A CloudFormation template, as far as it is read here. */
interface Template {
  Resources: Record<string, { Type: string; Properties: { Metrics?: { MetricStat?: object }[] } }>;
}

/** Returns the CloudFormation template of a packaged service. */
export const templateIn = (folder: string): Template =>
  JSON.parse(readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8'));

/** Returns how many metrics all alarms of a CloudFormation template evaluate, and its number of dashboards. */
export function countOfStack(
  template: Template,
): Pick<Measured['stack'], 'alarmMetrics' | 'dashboards'> {
  const all = (type: string) =>
    Object.values(template.Resources).filter(({ Type }) => Type === `AWS::CloudWatch::${type}`);
  // An alarm without a list of metrics has one.
  const ofAlarm = ({ Properties: { Metrics } }: Template['Resources'][string]) =>
    Metrics?.filter(({ MetricStat }) => MetricStat).length ?? 1;
  return {
    alarmMetrics: all('Alarm').reduce((sum, alarm) => sum + ofAlarm(alarm), 0),
    dashboards: all('Dashboard').length,
  };
}

/** Metrics in CloudWatch's embedded metric format, as a line of log contains them. */
interface Embedded {
  _aws?: {
    CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[];
  };
  [name: string]: unknown;
}

/**
 * Counts the custom metrics that lines of log publish: each name with each combination of dimensions is one.
 *
 * @param lines of all containers
 * @param tasks the names of the scheduled tasks
 */
export function countMetrics(
  lines: readonly string[],
  tasks: readonly string[],
): Pick<Measured['stack'], 'metricsPerOperation' | 'taskMetrics' | 'sharedMetrics'> {
  /** By the value of the dimension `operation`; without it, by the empty name. */
  const metrics = new Map<string, Set<string>>();
  for (const line of lines) {
    const record: Embedded = JSON.parse(line);
    for (const { Dimensions, Metrics } of record._aws?.CloudWatchMetrics ?? [])
      for (const names of Dimensions)
        for (const { Name } of Metrics) {
          const of = names.includes('operation') ? String(record.operation) : '';
          const key = JSON.stringify([Name, names.map((name) => record[name])]);
          metrics.set(of, (metrics.get(of) ?? new Set()).add(key));
        }
  }
  const sizes = (isCounted: (name: string) => boolean) =>
    [...metrics].filter(([name]) => isCounted(name)).map(([, { size }]) => size);
  return {
    metricsPerOperation: Math.max(0, ...sizes((name) => name !== '' && !tasks.includes(name))),
    taskMetrics: sizes((name) => tasks.includes(name)).reduce((sum, size) => sum + size, 0),
    sharedMetrics: metrics.get('')?.size ?? 0,
  };
}
