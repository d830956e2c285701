import { allOf, breaking, type Properties, type Rule } from './rule.ts';

/** CloudFormation allows 500. The rest is for resources that a team adds. */
const MAX_RESOURCES = 450;
/** CloudWatch allows no more in an alarm. */
const MAX_METRICS = 10;

/** Returns the routes that the contracts declare public. */
const publicRoutes = ({ functions }: Parameters<Rule['faults']>[1]): string[] =>
  functions.flatMap((deployed) => deployed.publicRoutes);

export const stackRules: Rule[] = [
  {
    rule: `A stack has at most ${MAX_RESOURCES} resources`,
    faults: ({ Resources }) => {
      const count = Object.keys(Resources).length;
      return count > MAX_RESOURCES ? [`it has ${count}`] : [];
    },
  },
  {
    rule: 'Every route requires a token with a scope, except for the public ones',
    faults: (template, deployment) =>
      breaking(
        template,
        'AWS::ApiGatewayV2::Route',
        ({ RouteKey, AuthorizationType, AuthorizerId, AuthorizationScopes = [] }) =>
          !publicRoutes(deployment).includes(RouteKey) &&
          !(AuthorizationType === 'JWT' && AuthorizerId && AuthorizationScopes.length > 0),
      ),
  },
  {
    rule: 'Every public route has a rate limit of its own',
    faults: (template, deployment) =>
      publicRoutes(deployment).filter((route) =>
        allOf(template, 'AWS::ApiGatewayV2::Stage').some(
          ([, { RouteSettings = {} }]) => !(RouteSettings[route]?.ThrottlingRateLimit > 0),
        ),
      ),
  },
  {
    rule: 'The API has a rate limit and an access log',
    faults: (template) =>
      breaking(
        template,
        'AWS::ApiGatewayV2::Stage',
        ({ DefaultRouteSettings, AccessLogSettings }) =>
          !(DefaultRouteSettings?.ThrottlingRateLimit > 0 && AccessLogSettings?.DestinationArn),
      ),
  },
  {
    rule: 'Every bucket is encrypted, versioned, and closed to the public',
    faults: (template) =>
      breaking(template, 'AWS::S3::Bucket', (properties) => {
        const access: Properties = properties.PublicAccessBlockConfiguration ?? {};
        const isClosed = [
          'BlockPublicAcls',
          'BlockPublicPolicy',
          'IgnorePublicAcls',
          'RestrictPublicBuckets',
        ].every((name) => access[name] === true);
        return !(
          isClosed &&
          properties.BucketEncryption &&
          properties.VersioningConfiguration?.Status === 'Enabled'
        );
      }),
  },
  {
    rule: 'Every queue is encrypted',
    faults: (template) =>
      breaking(
        template,
        'AWS::SQS::Queue',
        ({ SqsManagedSseEnabled, KmsMasterKeyId }) => !(SqsManagedSseEnabled || KmsMasterKeyId),
      ),
  },
  {
    rule: `Every alarm computes with at most ${MAX_METRICS} metrics`,
    faults: (template) =>
      breaking(
        template,
        'AWS::CloudWatch::Alarm',
        ({ Metrics = [] }) =>
          Metrics.filter(({ MetricStat }: Properties) => MetricStat).length > MAX_METRICS,
      ),
  },
  {
    rule: 'Every alarm notifies the topic, if there is one',
    faults: (template, { values }) =>
      values.ALARM_TOPIC
        ? breaking(
            template,
            'AWS::CloudWatch::Alarm',
            ({ AlarmActions = [] }) => !AlarmActions.includes(values.ALARM_TOPIC),
          )
        : [],
  },
];
