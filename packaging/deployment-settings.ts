import { INTEGERS } from '#lib/runtime/settings.ts';
import type { Form } from './setting-forms.ts';
import * as forms from './setting-forms.ts';

/** When a deployment stops without a setting: always, or for the production stages only (`prod…`). */
type Required = 'always' | 'in production';

/** A setting of a deployment. Its value comes from the environment, or from the file `.env.<stage>`. */
export interface DeploymentSetting extends Form {
  meaning: string;
  /** The value if it is not set. An empty string: the part that it configures is omitted. */
  fallback: string;
  required?: Required;
}

/** Every setting of a deployment by its name, in the order of docs/operations.md. */
export const DEPLOYMENT_SETTINGS = {
  SECRETS_PARAMETER: {
    ...forms.parameter,
    meaning: 'the SecureString in Parameter Store with the secrets',
    fallback: '',
    required: 'always',
  },
  JWT_ISSUER: {
    ...forms.issuer,
    meaning: 'exactly the `iss` of the tokens',
    fallback: '',
    required: 'always',
  },
  JWT_AUDIENCE: {
    ...forms.audience,
    meaning: 'the `aud` of the tokens, or the `client_id` of tokens without `aud`',
    fallback: '',
    required: 'always',
  },
  ALARM_TOPIC: {
    ...forms.arn('sns', 'an SNS topic'),
    meaning: 'the SNS topic that the alarms notify',
    fallback: '',
    required: 'in production',
  },
  RESERVED_TOTAL: {
    ...forms.countOrOff,
    meaning: 'the reserved concurrency that the functions share, or `off`',
    fallback: 'off',
    required: 'in production',
  },
  CONCURRENCY_QUOTA: {
    ...forms.count,
    meaning: "Lambda's quota of concurrent executions in the account and region",
    fallback: '1000',
  },
  PRIMARY_TIER: {
    ...forms.tier,
    meaning: 'the Atlas tier of the primary, or its maximum number of connections per node',
    fallback: '',
    required: 'in production',
  },
  SECONDARY_TIER: {
    ...forms.tier,
    meaning: 'the same for the secondary',
    fallback: '',
    required: 'in production',
  },
  CLUSTER_TIER: {
    ...forms.tier,
    meaning: 'the same for the smallest of the other clusters, if there are any',
    fallback: '',
  },
  DEFAULT_CLUSTER: {
    ...forms.cluster,
    meaning: 'the cluster of new stores; by default, the one with the fewest open stores',
    fallback: '',
  },
  CORS_ORIGIN: {
    ...forms.origins,
    meaning: 'the origins whose pages may call the API',
    fallback: '',
  },
  AWS_REGION: { ...forms.region, meaning: 'the region', fallback: 'eu-central-1' },
  ARCHITECTURE: {
    ...forms.oneOf('x86_64', 'arm64'),
    meaning: 'the processor architecture; package on a machine of the same one',
    fallback: 'x86_64',
  },
  MEMORY_MB: {
    ...forms.integer(256, 10_240),
    meaning: 'the memory of each function in MB; the share of a CPU grows with it',
    fallback: '512',
  },
  LOG_RETENTION_DAYS: {
    ...forms.logRetention,
    meaning: 'how long logs are kept, in days',
    fallback: '30',
  },
  TAGS: { ...forms.tags, meaning: 'tags of every resource', fallback: '' },
  VPC_SUBNETS: {
    ...forms.ids('subnet'),
    meaning: 'the private subnets of the functions that connect to a database',
    fallback: '',
  },
  VPC_SECURITY_GROUPS: {
    ...forms.ids('sg'),
    meaning: 'the security groups of these functions',
    fallback: '',
  },
  DOMAIN_NAME: { ...forms.domain, meaning: 'a domain name for the API', fallback: '' },
  CERTIFICATE_ARN: {
    ...forms.arn('acm', 'an ACM certificate'),
    meaning:
      'the certificate of the domain name; in us-east-1 with WEB_ACL_ARN, in the region otherwise',
    fallback: '',
  },
  HOSTED_ZONE_ID: {
    ...forms.hostedZone,
    meaning: 'the Route 53 hosted zone in which the domain name is created',
    fallback: '',
  },
  WEB_ACL_ARN: {
    ...forms.webAcl,
    meaning: 'a web ACL for a CloudFront distribution in front of the API',
    fallback: '',
  },
  GRADUAL: {
    ...forms.gradual,
    meaning: 'how traffic moves to a new version (CodeDeploy), or `off`',
    fallback: 'off',
  },
  TRACING: {
    ...forms.oneOf('true', 'false'),
    meaning: 'whether requests are traced with X-Ray',
    fallback: 'false',
  },
  THROTTLE_PER_SECOND: {
    ...forms.count,
    meaning: 'the rate limit of all clients together',
    fallback: '500',
  },
  THROTTLE_BURST: { ...forms.count, meaning: 'the burst of all clients together', fallback: '200' },
  ALARM_CLIENT_ERRORS: {
    ...forms.count,
    meaning: 'the number of 4xx responses in five minutes that raises an alarm',
    fallback: '500',
  },
  ALARM_SYNC_LAG_MINUTES: {
    ...forms.count,
    meaning: 'the age of the mirror that raises an alarm, in minutes',
    fallback: '20',
  },
} as const satisfies Record<string, DeploymentSetting>;

export type SettingName = keyof typeof DEPLOYMENT_SETTINGS;

/** The values of all settings of a deployment. */
export type DeploymentValues = Readonly<Record<SettingName, string>>;

const settings: [name: string, setting: DeploymentSetting][] = Object.entries(DEPLOYMENT_SETTINGS);

/** Returns whether a stage serves customers, and so needs all settings that protect them: its name starts with `prod`. */
export const isProduction = (stage: string): boolean => stage.startsWith('prod');

/** Returns the value of every setting, which is its default if it is not set. */
export const deploymentValues = (env: NodeJS.ProcessEnv): DeploymentValues =>
  Object.fromEntries(
    settings.map(([name, { fallback }]) => [name, env[name]?.trim() || fallback]),
  ) as DeploymentValues;

/** Returns the names of the settings that a deployment of a stage lacks. */
export const missingSettings = (env: NodeJS.ProcessEnv, stage: string): string[] =>
  settings.flatMap(([name, { required }]) =>
    !env[name]?.trim() && (required === 'always' || (required && isProduction(stage)))
      ? [name]
      : [],
  );

/**
 * Returns what is wrong with the settings that are set, one line for each fault; an empty list if nothing is. A line
 * names the setting and never shows its value.
 */
export const settingFaults = (env: NodeJS.ProcessEnv): string[] => [
  ...settings.flatMap(([name, { isValid, expected }]) => {
    const value = env[name];
    return value?.trim() && !isValid(value) ? [`${name} must be ${expected}`] : [];
  }),
  ...runtimeFaults(env),
  ...combinationFaults(deploymentValues(env)),
];

/** Checks the settings that the functions read, before they could fail to start with them. */
function runtimeFaults(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(INTEGERS).flatMap(([name, { min, max }]) => {
    const { isValid, expected } = forms.integer(min, max);
    const value = env[name];
    return value && !isValid(value) ? [`${name} must be ${expected}`] : [];
  });
}

/** The concurrency that AWS keeps unreserved in every account. */
const UNRESERVED = 100;

/** Checks settings that depend on each other. */
function combinationFaults(values: DeploymentValues): string[] {
  const has = (name: SettingName) => values[name] !== '';
  const faults: [isFault: boolean, text: string][] = [
    [
      has('VPC_SUBNETS') !== has('VPC_SECURITY_GROUPS'),
      'VPC_SUBNETS and VPC_SECURITY_GROUPS must be set together',
    ],
    [
      has('DOMAIN_NAME') !== has('CERTIFICATE_ARN'),
      'DOMAIN_NAME and CERTIFICATE_ARN must be set together',
    ],
    [has('HOSTED_ZONE_ID') && !has('DOMAIN_NAME'), 'HOSTED_ZONE_ID requires DOMAIN_NAME'],
    [
      has('CERTIFICATE_ARN') && values.CERTIFICATE_ARN.split(':')[3] !== certificateRegion(values),
      `CERTIFICATE_ARN must be a certificate in ${certificateRegion(values)}`,
    ],
    [
      Number(values.RESERVED_TOTAL) > Number(values.CONCURRENCY_QUOTA) - UNRESERVED,
      `RESERVED_TOTAL must be at most CONCURRENCY_QUOTA minus ${UNRESERVED}, which AWS keeps unreserved; use off for a small quota`,
    ],
  ];
  return faults.filter(([isFault]) => isFault).map(([, text]) => text);
}

/** CloudFront takes certificates from one region only. */
const certificateRegion = ({ WEB_ACL_ARN, AWS_REGION }: DeploymentValues): string =>
  WEB_ACL_ARN ? 'us-east-1' : AWS_REGION;
