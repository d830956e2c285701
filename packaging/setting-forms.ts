import { faultOfClusterName, PRIMARY_CLUSTER } from '#lib/runtime/cluster-names.ts';

/** What a value must look like. */
export interface Form {
  isValid: (value: string) => boolean;
  /** Completes the sentence "NAME must be …". */
  expected: string;
}

const matches = (pattern: RegExp, expected: string): Form => ({
  isValid: (value) => pattern.test(value),
  expected,
});

export const integer = (min: number, max: number): Form => ({
  isValid: (value) => /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max,
  expected: `an integer from ${min} to ${max}`,
});

export const count = integer(1, 999_999);

export const countOrOff: Form = {
  isValid: (value) => value === 'off' || count.isValid(value),
  expected: `off, or ${count.expected}`,
};

export const oneOf = (...values: string[]): Form => ({
  isValid: (value) => values.includes(value),
  expected: `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`,
});

export const region = matches(
  /^[a-z]{2}(?:-[a-z]+){1,3}-\d$/,
  'the name of a region, such as eu-central-1',
);

export const cluster: Form = {
  isValid: (value) => value === PRIMARY_CLUSTER || faultOfClusterName(value) === undefined,
  expected: 'the name of a cluster',
};

/** It ends an ARN: a star would cover other parameters, and without the slash it names none. */
export const parameter: Form = {
  isValid: (value) =>
    /^(?:\/[\w.-]+){1,15}$/.test(value) && !/^\/(?:aws|ssm)/i.test(value) && value.length <= 1_011,
  expected: 'the name of one parameter, such as /manystore/prod, without wildcards',
};

export const issuer: Form = {
  isValid: (value) => {
    if (!URL.canParse(value)) return false;
    const { protocol, username, search, hash } = new URL(value);
    return protocol === 'https:' && username + search + hash === '' && !/[\s?#@]/.test(value);
  },
  expected: 'an https:// URL without query',
};

export const audience = matches(/^[^\s,*]+$/, 'one audience, without spaces and wildcards');

export const origins: Form = {
  isValid: (value) =>
    value
      .split(',')
      .every(
        (origin) =>
          URL.canParse(origin) &&
          /^https:\/\/[^*]+$/.test(origin) &&
          new URL(origin).origin === origin,
      ),
  expected:
    'origins, such as https://catalog.example, separated by commas, without paths, spaces and wildcards',
};

/** @param what names the resource, such as `an SNS topic` */
export const arn = (service: string, what: string): Form =>
  matches(new RegExp(`^arn:aws[\\w-]*:${service}:[\\w-]+:\\d{12}:[\\w/-]+$`), `the ARN of ${what}`);

export const webAcl = matches(
  /^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/,
  'the ARN of a web ACL for CloudFront, which is a global one in us-east-1',
);

/** @param prefix of the ids, such as `subnet` */
export const ids = (prefix: string): Form =>
  matches(
    new RegExp(`^${prefix}-[0-9a-f]{8,17}(?:,${prefix}-[0-9a-f]{8,17}){0,15}$`),
    `ids that start with ${prefix}-, separated by commas`,
  );

export const domain = matches(
  /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  'a domain name in lower case, such as api.shop.example',
);

export const hostedZone = matches(
  /^Z[A-Z0-9]{5,31}$/,
  'the id of a hosted zone, such as Z0123456789',
);

const TAG = /^(?!aws:)[\w.:/+@-]{1,128}=[\w .:/+@-]{0,256}$/;

export const tags: Form = {
  isValid: (value) =>
    value.split(',').length <= 40 && value.split(',').every((tag) => TAG.test(tag)),
  expected: 'tags, such as team=shop,cost-center=42, separated by commas',
};

/** The periods that CloudWatch Logs accepts. */
const LOG_RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

export const logRetention: Form = {
  isValid: (value) => LOG_RETENTIONS.some((days) => String(days) === value),
  expected: `one of ${LOG_RETENTIONS.join(', ')}`,
};

export const gradual: Form = {
  isValid: (value) =>
    /^(?:off|Canary10Percent(?:5|10|15|30)Minutes|Linear10PercentEvery(?:1Minute|(?:2|3|10)Minutes))$/.test(
      value,
    ),
  expected:
    'off, Canary10Percent5Minutes (or 10, 15, 30), or Linear10PercentEvery1Minute (or 2, 3, 10)',
};

/** The maximum number of connections per node, by Atlas tier. */
export const ATLAS_TIERS: Readonly<Record<string, number>> = {
  M0: 500,
  M10: 1_500,
  M20: 3_000,
  M30: 3_000,
  M40: 6_000,
  M50: 16_000,
  M60: 32_000,
};

export const tier: Form = {
  isValid: (value) => Object.hasOwn(ATLAS_TIERS, value) || count.isValid(value),
  expected: `one of ${Object.keys(ATLAS_TIERS).join(', ')}, or the number of connections that a node accepts`,
};

/** Returns the connections that a node accepts, or undefined if the tier is not set. */
export const connectionsOf = (value: string): number | undefined =>
  value === '' ? undefined : (ATLAS_TIERS[value] ?? Number(value));
