/** A metric of CloudWatch. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, unknown>>;
}

/** The dimension that the library of the metrics adds to all of them. */
const SERVICE = { service: 'manystore' };

/** Returns a metric that the functions publish. */
export const ownMetric = (
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>> = {},
): Metric => ({ namespace, name, dimensions: { ...SERVICE, ...dimensions } });

/** Returns a metric of a function that Lambda publishes. */
export const lambdaMetric = (name: string, functionName: string): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: functionName },
});

/** Returns a metric of the API. */
export const gatewayMetric = (name: string): Metric => ({
  namespace: 'AWS/ApiGateway',
  name,
  dimensions: { ApiId: { Ref: 'HttpApi' } },
});

/** Returns a metric of the queue of dead letters. */
export const deadLetterMetric: Metric = {
  namespace: 'AWS/SQS',
  name: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: { 'Fn::GetAtt': ['DeadLetters', 'QueueName'] } },
};

/** Returns a metric in the form of an alarm. */
export const asAlarmMetric = ({
  namespace,
  name,
  dimensions,
}: Metric): Record<string, unknown> => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});
