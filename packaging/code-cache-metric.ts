import { setTimeout as pause } from 'node:timers/promises';
import { sdk } from './aws-sdk.ts';
import { namespaceOf } from './template/context.ts';

interface CloudWatch {
  CloudWatchClient: new (options: {
    region: string;
  }) => { send(command: object): Promise<{ MetricDataResults?: MetricData[] }> };
  GetMetricDataCommand: new (input: object) => object;
}

interface MetricData {
  Id?: string;
  Values?: number[];
}

/** How often CloudWatch is queried, and how many times: it shows a metric one to two minutes after its log line. */
const INTERVAL_MS = 10_000;
const ATTEMPTS = 30;

const MINUTE_S = 60;

/**
 * Checks whether V8 accepted the compiled code in the containers of a stage that have started, by the metrics `ColdStarts`
 * and `CodeCacheRejected`, and prints the result. Without metrics for five minutes, it prints that.
 *
 * @param since when the deployment ended
 * @returns 0, or 1 if a container rejected the code: its function works, but starts more slowly
 * @throws {Error} when CloudWatch rejects the query
 */
export async function checkCodeCache(stage: string, region: string, since: Date): Promise<number> {
  const { CloudWatchClient, GetMetricDataCommand } = sdk(
    '@aws-sdk/client-cloudwatch',
  ) as CloudWatch;
  const client = new CloudWatchClient({ region });
  const queryOf = (Id: string, name: string) => ({
    Id,
    Expression: `SUM(SEARCH('{${namespaceOf(stage)},service,operation} MetricName="${name}"', 'Sum', ${MINUTE_S}))`,
  });
  const queries = [queryOf('started', 'ColdStarts'), queryOf('rejected', 'CodeCacheRejected')];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(INTERVAL_MS);
    const command = new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: since,
      EndTime: new Date(Date.now() + MINUTE_S * 1_000),
    });
    const { MetricDataResults: results = [] } = await client.send(command);
    const started = sumOf(results, 'started');
    if (started > 0) return report(started, sumOf(results, 'rejected'));
  }
  process.stdout.write('skip  code-cache: CloudWatch has no metrics of this deployment yet\n');
  return 0;
}

const sumOf = (results: MetricData[], id: string): number =>
  results.find(({ Id }) => Id === id)?.Values?.reduce((sum, value) => sum + value, 0) ?? 0;

function report(started: number, rejected: number): number {
  if (rejected === 0) {
    process.stdout.write(
      `ok    code-cache is accepted in all ${started} containers that started\n`,
    );
    return 0;
  }
  process.stderr.write(
    `FAIL  code-cache is rejected in ${rejected} of ${started} containers that started: they start more slowly. ` +
      'Package with the Node version of the runtime; docs/operations.md explains it\n',
  );
  return 1;
}
