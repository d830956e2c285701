import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { costOfMillion, fixedCosts } from '../../bench/cost/bill.ts';
import { readMeasured } from '../../bench/cost/measured.ts';
import { costPage, PAGE_FILE } from '../../bench/cost/page.ts';
import { PRICES } from '../../bench/cost/prices.ts';
import { countMetrics, countOfStack } from '../../bench/cost/stack.ts';

const measured = readMeasured();

describe('docs/cost.md', () => {
  it('is what `npm run cost -- --text` writes from the measurements and the prices', () => {
    expect(readFileSync(PAGE_FILE, 'utf8')).toBe(costPage(measured, PRICES));
  });

  it('changes with a price', () => {
    const dearer = { ...PRICES, m10: { ...PRICES.m10, usd: 1 } };
    expect(costPage(measured, dearer)).not.toBe(costPage(measured, PRICES));
  });

  it('says of every price where and when it was compared', () => {
    for (const { source, seen } of Object.values(PRICES)) {
      expect(source).toMatch(/^https:/);
      expect(seen).toEqual({
        date: expect.stringMatching(/^20\d\d-\d\d-\d\d$/),
        where: expect.any(String),
      });
    }
  });
});

describe('the bill', () => {
  const calls = {
    ...{ name: 'a', memory: 512, init: 800, first: 200, warm: 10 },
    ...{ cpu: 1, logBytes: 0, bodyBytes: 600_000, rss: 1 },
  };

  it('is that of warm calls and a share of cold starts, with their start', () => {
    const { ms, duration, gateway, transfer } = costOfMillion(calls, PRICES, { coldShare: 0.1 });
    expect(ms).toBeCloseTo(0.9 * 10 + 0.1 * 1_000);
    expect(duration).toBeCloseTo(109_000 * 0.5 * 0.0000166667);
    // A body of 600 kB counts twice.
    expect(gateway).toBe(2);
    expect(transfer).toBeCloseTo(600 * 0.09);
  });

  it('has no gateway for a task, and each of its runs is cold', () => {
    const task = { ...calls, bodyBytes: 0, perMonth: 1_000_000 };
    const { duration, invocations, logs, decryptions } = costOfMillion(task, PRICES, {
      ...{ hasGateway: false, coldShare: 1 },
    });
    const fixed = fixedCosts({ ...measured, tasks: [task] }, PRICES);
    const { usd } = fixed.find(({ what }) => what === 'a') ?? { usd: 0 };
    expect(usd).toBeCloseTo(duration + invocations + logs + decryptions);
    expect(duration).toBeCloseTo(1_000_000 * 0.5 * 0.0000166667);
  });
});

it('counts each metric of an alarm with an expression', () => {
  const Metrics = [{}, { MetricStat: {} }, { MetricStat: {} }];
  const Resources = {
    One: { Type: 'AWS::CloudWatch::Alarm', Properties: {} },
    Two: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics } },
    Board: { Type: 'AWS::CloudWatch::Dashboard', Properties: {} },
    Other: { Type: 'AWS::Lambda::Function', Properties: {} },
  };
  expect(countOfStack({ Resources })).toEqual({ alarmMetrics: 3, dashboards: 1 });
});

it('counts a custom metric once for each combination of dimensions', () => {
  const line = (values: object, ...names: string[]) => {
    const CloudWatchMetrics = [
      { Dimensions: [Object.keys(values)], Metrics: names.map((Name) => ({ Name })) },
    ];
    return JSON.stringify({ ...values, _aws: { CloudWatchMetrics } });
  };
  const lines = [
    line({ operation: 'get' }, 'Duration', 'Faults'),
    line({ operation: 'get' }, 'Duration', 'Faults', 'ColdStarts'),
    line({ operation: 'list' }, 'Duration'),
    line({ operation: 'sync' }, 'Duration', 'failed', 'remaining', 'lag'),
    line({ connection: 'primary' }, 'SocketsOpened'),
    line({ connection: 'secondary' }, 'SocketsOpened'),
    '{"message":"a line without metrics"}',
  ];
  expect(countMetrics(lines, ['sync'])).toEqual({
    ...{ metricsPerOperation: 3, taskMetrics: 4, sharedMetrics: 2 },
  });
});
