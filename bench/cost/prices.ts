/** A list price, in US dollars without tax, with where it comes from. */
export interface Price {
  usd: number;
  per: string;
  /** The provider's own page, which has the current price. */
  source: string;
  /** When the price was last compared with a published text, and with which one. */
  seen: { date: string; where: string };
}

const lambda = 'https://aws.amazon.com/lambda/pricing/';
const cloudWatch = 'https://aws.amazon.com/cloudwatch/pricing/';
const atlas = 'https://www.mongodb.com/pricing';

const reading = { date: '2026-11-30' };
const inLambdaGuide = {
  ...reading,
  where: 'cloudchipr.com/blog/aws-lambda-pricing, the edition of 2025',
};
const inCloudWatchGuide = {
  ...reading,
  where: 'factualminds.com/blog/amazon-cloudwatch-pricing-…, of 2026-06-13',
};
const inGatewayGuide = { ...reading, where: 'apigatewaycost.com/aws' };
/** From general knowledge, and not found in a published text: compare it with the source before you rely on it. */
const notConfirmed = { ...reading, where: 'not confirmed: compare it with the source' };

/**
 * The list prices of US East (N. Virginia), the first tier of each, without free tiers and discounts. Other regions cost up
 * to a quarter more. `npm run cost -- --text` updates docs/cost.md after a change.
 */
export const PRICES = {
  lambdaX86: {
    usd: 0.0000166667,
    per: 'GB-second, x86',
    source: lambda,
    seen: inLambdaGuide,
  },
  lambdaArm: {
    usd: 0.0000133334,
    per: 'GB-second, arm64',
    source: lambda,
    seen: inLambdaGuide,
  },
  lambdaRequests: {
    usd: 0.2,
    per: '1,000,000 invocations',
    source: lambda,
    seen: {
      ...reading,
      where: 'a transcript of the source itself, of 2026-09-20 (api-evangelist/aws-lambda)',
    },
  },
  httpApi: {
    usd: 1,
    per: '1,000,000 requests of an HTTP API, in units of 512 kB',
    source: 'https://aws.amazon.com/api-gateway/pricing/',
    seen: inGatewayGuide,
  },
  transferOut: {
    usd: 0.09,
    per: 'GB from AWS to the internet',
    source: 'https://aws.amazon.com/ec2/pricing/on-demand/',
    seen: inGatewayGuide,
  },
  logs: {
    usd: 0.5,
    per: 'GB of logs, ingested',
    source: cloudWatch,
    seen: inCloudWatchGuide,
  },
  metrics: {
    usd: 0.3,
    per: 'custom metric and month',
    source: cloudWatch,
    seen: { ...reading, where: 'signoz.io/guides/cloudwatch-pricing, of 2026-02-15' },
  },
  alarms: {
    usd: 0.1,
    per: 'metric that an alarm evaluates, and month',
    source: cloudWatch,
    seen: notConfirmed,
  },
  dashboards: {
    usd: 3,
    per: 'dashboard and month',
    source: cloudWatch,
    seen: inCloudWatchGuide,
  },
  decryptions: {
    usd: 0.03,
    per: '10,000 decryptions by KMS: a cold start reads one SecureString parameter',
    source: 'https://aws.amazon.com/kms/pricing/',
    seen: { ...reading, where: 'gist.github.com/dasgoll/b88d5be05dcc0deb052ad40446c2fb40' },
  },
  parameters: {
    usd: 0,
    per: 'standard parameter of Parameter Store',
    source: 'https://aws.amazon.com/systems-manager/pricing/',
    seen: { ...reading, where: "AWS's guide to Parameter Store, about parameter tiers" },
  },
  m10: { usd: 0.08, per: 'hour of an Atlas M10 on AWS', source: atlas, seen: notConfirmed },
  m20: { usd: 0.2, per: 'hour of an Atlas M20 on AWS', source: atlas, seen: notConfirmed },
  m30: {
    usd: 0.54,
    per: 'hour of an Atlas M30 on AWS',
    source: atlas,
    seen: { ...reading, where: "MongoDB's documentation of the Atlas invoice" },
  },
} as const satisfies Record<string, Price>;

export type Prices = Readonly<Record<keyof typeof PRICES, Price>>;
