import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for AWS with a deployed stack: CloudFormation, S3, Lambda and CloudWatch, as far as the commands for a stage use them. */
export interface DeployedStack {
  /** The variables with which the AWS SDK finds it. */
  env: Record<string, string>;
  /** The actions that changed something, with the template of a change set, and the invocations, with their input. */
  changes: string[];
  /** The status that ends an update: UPDATE_COMPLETE, or UPDATE_ROLLBACK_IN_PROGRESS when it fails. */
  outcome: string;
  /** The response of each function: its result, or the error that it threw. */
  invoked: { result: object; isError: boolean };
  /** The values of each metric, by its name. */
  metrics: Record<string, number[]>;
  stop: () => Promise<void>;
}

const BUCKET = 'deployments';
const STACK = 'manystore-prod';

/** @param timestamps the deployments whose files are in the bucket, in milliseconds since 1970 */
export async function startDeployedStack(timestamps: number[]): Promise<DeployedStack> {
  const folders = timestamps.map(
    (at) => `serverless/manystore/prod/${at}-${new Date(at).toISOString()}`,
  );
  const keys = folders.flatMap((folder) =>
    ['compiled-cloudformation-template.json', 'get-health.zip'].map((file) => `${folder}/${file}`),
  );
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [, called] =
      /^\/2015-03-31\/functions\/([\w-]+)\/invocations/.exec(request.url ?? '') ?? [];
    if (called) {
      stack.changes.push(`${called} ${body}`);
      const { result, isError } = stack.invoked;
      response.writeHead(200, isError ? { 'x-amz-function-error': 'Unhandled' } : {});
      response.end(JSON.stringify(result));
      return;
    }
    if (request.headers['x-amz-target']?.toString().endsWith('.GetMetricData')) {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ MetricDataResults: metricData(body, stack.metrics) }));
      return;
    }
    const form = new URLSearchParams(body);
    const action = form.get('Action');
    if (action && /^(?:Create|Execute|Delete)/.test(action))
      stack.changes.push([action, form.get('TemplateURL')].filter(Boolean).join(' '));
    const isList = new URL(request.url ?? '/', 'http://s3').searchParams.has('list-type');
    const xml = action ? answerTo(action, stack.outcome) : isList && listOf(keys);
    response.writeHead(xml ? 200 : 404, { 'content-type': 'text/xml' });
    response.end(xml || '<Error><Code>NoSuchKey</Code><Message>No such key</Message></Error>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stack: DeployedStack = {
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
      AWS_REGION: 'eu-central-1',
      SLS_AWS_MONITORING_FREQUENCY: '10',
    },
    changes: [],
    outcome: 'UPDATE_COMPLETE',
    invoked: { result: {}, isError: false },
    metrics: {},
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return stack;
}

/** Returns the values of the metrics that a query names. */
function metricData(body: string, metrics: DeployedStack['metrics']): object[] {
  const { MetricDataQueries: queries } = JSON.parse(body) as {
    MetricDataQueries: { Id: string; Expression: string }[];
  };
  return queries.map(({ Id, Expression }) => {
    const [, namespace, name = ''] =
      /^SUM\(SEARCH\('\{([\w/]+),service,operation\} MetricName="(\w+)"', 'Sum', 60\)\)$/.exec(
        Expression,
      ) ?? [];
    return { Id, Values: namespace === 'Manystore/prod' ? (metrics[name] ?? []) : [] };
  });
}

const listOf = (keys: string[]) =>
  `<ListBucketResult><Name>${BUCKET}</Name><IsTruncated>false</IsTruncated>${keys
    .map((key) => `<Contents><Key>${key}</Key></Contents>`)
    .join('')}</ListBucketResult>`;

function answerTo(action: string, outcome: string): string {
  const result = RESULTS[action]?.(outcome) ?? '';
  return `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
}

const stackEvent = (id: number, status: string) =>
  `<member><EventId>${id}</EventId><StackName>${STACK}</StackName><LogicalResourceId>${STACK}</LogicalResourceId>` +
  `<ResourceType>AWS::CloudFormation::Stack</ResourceType><ResourceStatus>${status}</ResourceStatus></member>`;

/** The URL of the API of the stack, where nothing listens. */
export const STACK_URL = 'http://127.0.0.1:9';

const RESULTS: Record<string, (outcome: string) => string> = {
  DescribeStacks: () =>
    `<Stacks><member><StackName>${STACK}</StackName><CreationTime>2026-11-01T10:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus>` +
    `<Outputs><member><OutputKey>ServiceUrl</OutputKey><OutputValue>${STACK_URL}</OutputValue></member></Outputs></member></Stacks>`,
  DescribeStackResource: () =>
    `<StackResourceDetail><PhysicalResourceId>${BUCKET}</PhysicalResourceId></StackResourceDetail>`,
  DescribeChangeSet: () =>
    `<Status>CREATE_COMPLETE</Status><StackId>${STACK}</StackId><Changes><member><Type>Resource</Type></member></Changes>`,
  DescribeStackEvents: (outcome) =>
    `<StackEvents>${stackEvent(2, outcome)}${stackEvent(1, 'UPDATE_IN_PROGRESS')}</StackEvents>`,
};
