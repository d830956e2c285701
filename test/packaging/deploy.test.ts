import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import {
  DEPLOYMENT_SETTINGS,
  type DeploymentSetting,
  missingSettings,
  settingFaults,
} from '../../packaging/deployment-settings.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) =>
  readFileSync(new URL(file, new URL('../../', import.meta.url)), 'utf8');

const settings: [string, DeploymentSetting][] = Object.entries(DEPLOYMENT_SETTINGS);

const development = {
  SECRETS_PARAMETER: '/manystore/prod',
  JWT_ISSUER: 'https://issuer.example/realm/',
  JWT_AUDIENCE: 'manystore',
};

const production = {
  ...development,
  ALARM_TOPIC: 'arn:aws:sns:eu-central-1:123456789012:alarms',
  RESERVED_TOTAL: '200',
  PRIMARY_TIER: 'M10',
  SECONDARY_TIER: '1500',
};

const CERTIFICATE = 'certificate/01234567-89ab-cdef-0123-456789abcdef';
const WEB_ACL_ARN = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/0123-4567';

describe('the settings of a deployment', () => {
  it.each([
    {},
    { JWT_ISSUER: 'https://issuer.example' },
    { CORS_ORIGIN: 'https://shop.example', ARCHITECTURE: 'arm64', THROTTLE_BURST: '1' },
    { CORS_ORIGIN: 'https://shop.example:8443,https://a.example', SECRETS_PARAMETER: '/one' },
    { CORS_ORIGIN: '', ALARM_TOPIC: 'arn:aws:sns:eu-central-1:123456789012:alarms' },
    {
      VPC_SUBNETS: 'subnet-0123456789abcdef0,subnet-01234567',
      VPC_SECURITY_GROUPS: 'sg-0123456789abcdef0',
    },
    {
      DOMAIN_NAME: 'api.shop.example',
      CERTIFICATE_ARN: `arn:aws:acm:eu-central-1:123456789012:${CERTIFICATE}`,
      HOSTED_ZONE_ID: 'Z0123456789ABC',
    },
    {
      DOMAIN_NAME: 'api.shop.example',
      CERTIFICATE_ARN: `arn:aws:acm:us-east-1:123456789012:${CERTIFICATE}`,
      WEB_ACL_ARN,
    },
    { GRADUAL: 'Linear10PercentEvery1Minute', TRACING: 'true', TAGS: 'team=shop,cost-center=42' },
    { RESERVED_TOTAL: 'off', CONCURRENCY_QUOTA: '10', AWS_REGION: 'us-gov-west-1' },
    { STORE_DRAIN_MS: '60000', PRIMARY_POOL_SIZE: '' },
  ])('are accepted: %j', (env) => {
    expect(settingFaults({ ...production, ...env })).toEqual([]);
  });

  it.each([
    ['dev', Object.keys(development)],
    ['prod', Object.keys(production)],
    ['production-eu', Object.keys(production)],
  ])('must all be there for the stage %s: %j', (stage, names) => {
    expect(missingSettings({}, stage)).toEqual(names);
    expect(missingSettings(production, stage)).toEqual([]);
    for (const value of ['', ' '])
      expect(missingSettings({ ...production, JWT_ISSUER: value }, stage)).toEqual(['JWT_ISSUER']);
  });

  it.each([
    ...['/many/*', '/*', '*', '/many?', 'manystore', 'many/store', '/', '/many/', '/a//b', '/a b']
      .concat(['/a,/b', '/aws/x', '/$' + '{AWS::Region}', '/a\n', '/a'.repeat(16)])
      .map((value) => ['SECRETS_PARAMETER', value]),
    ...['http://issuer.example/', 'issuer.example', 'https://', 'HTTP://x', 'https://u:p@x.example']
      .concat(['https://x.example/?a', 'https://x.example/#', 'javascript:alert(1)', ' https://x/'])
      .map((value) => ['JWT_ISSUER', value]),
    ...['*', 'a b', 'a,b'].map((value) => ['JWT_AUDIENCE', value]),
    ...['*', 'https://*', 'https://*.shop.example', 'null', 'http://shop.example', 'shop.example']
      .concat(['https://shop.example/', 'https://a.example,', 'https://A.example'])
      .concat(['https://u@shop.example', 'https://shop.example?'])
      .map((value) => ['CORS_ORIGIN', value]),
    ['ARCHITECTURE', 'x64'],
    ['ALARM_TOPIC', 'alarms'],
    ['THROTTLE_PER_SECOND', '0'],
    ['THROTTLE_BURST', '1e9'],
    ['ALARM_CLIENT_ERRORS', '-1'],
    ['ALARM_SYNC_LAG_MINUTES', 'often'],
    ['AWS_REGION', 'europe'],
    ['MEMORY_MB', '128'],
    ['LOG_RETENTION_DAYS', '31'],
    ...['team', 'aws:team=a', 'a=b,,c=d', 'a=b;c'].map((value) => ['TAGS', value]),
    ['RESERVED_TOTAL', 'none'],
    ['CONCURRENCY_QUOTA', 'off'],
    ['PRIMARY_TIER', 'M5'],
    ['SECONDARY_TIER', 'toString'],
    ['GRADUAL', 'Canary10Percent7Minutes'],
    ['TRACING', 'yes'],
    ['PRIMARY_POOL_SIZE', '0'],
    ['STORE_FRESH_MS', 'soon'],
  ])('are rejected by name and not shown: %s=%j', (name = '', value = '') => {
    const [fault, ...others] = settingFaults({ ...production, [name]: value });
    expect(fault).toMatch(new RegExp(`^${name} must be .+`));
    expect(others).toEqual([]);
  });

  it.each([
    [{ VPC_SUBNETS: 'subnet-01234567' }, 'VPC_SUBNETS and VPC_SECURITY_GROUPS'],
    [{ DOMAIN_NAME: 'api.shop.example' }, 'DOMAIN_NAME and CERTIFICATE_ARN'],
    [{ HOSTED_ZONE_ID: 'Z0123456789ABC' }, 'HOSTED_ZONE_ID requires DOMAIN_NAME'],
    [
      {
        DOMAIN_NAME: 'api.shop.example',
        CERTIFICATE_ARN: `arn:aws:acm:us-east-1:123456789012:${CERTIFICATE}`,
      },
      'CERTIFICATE_ARN must be a certificate in eu-central-1',
    ],
    [
      {
        DOMAIN_NAME: 'api.shop.example',
        CERTIFICATE_ARN: `arn:aws:acm:eu-central-1:123456789012:${CERTIFICATE}`,
        WEB_ACL_ARN,
      },
      'CERTIFICATE_ARN must be a certificate in us-east-1',
    ],
    [{ RESERVED_TOTAL: '901' }, 'RESERVED_TOTAL must be at most CONCURRENCY_QUOTA minus 100'],
  ])('are rejected if they do not fit together: %j', (env, text) => {
    expect(settingFaults({ ...production, ...env })).toEqual([expect.stringContaining(text)]);
  });

  it('have the same defaults in serverless.yml', () => {
    const uses = [
      ...read('serverless.yml').matchAll(/\$\{(?:[^{}]*, )?env:(\w+), '?([^'}]*)'?\}/g),
    ];
    const defaults = uses.filter(([, name = '']) => name in DEPLOYMENT_SETTINGS);
    expect(defaults.length).toBeGreaterThan(5);
    for (const [, name, fallback] of defaults) {
      const setting = settings.find(([candidate]) => candidate === name)?.[1];
      if (setting?.fallback) expect([name, fallback]).toEqual([name, setting.fallback]);
    }
  });

  it.each(settings)('are explained in docs/operations.md and .env.example: %s', (name, setting) => {
    const { meaning, fallback, required } = setting;
    const row = [`\`${name}\``, meaning, required ?? (fallback && `\`${fallback}\``)];
    const rows = read('docs/operations.md')
      .split('\n')
      .map((line) =>
        line
          .split('|')
          .map((cell) => cell.trim())
          .slice(1, -1),
      );
    expect(rows).toContainEqual(row);
    expect(read('.env.example')).toMatch(new RegExp(`^#${name}=`, 'm'));
  });
});

describe('a deployment', () => {
  /** Runs a command where there are no credentials, and no network that has some. */
  function run(command: string, args: string[], env: Record<string, string> = {}) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--conditions=@manystore/source', `packaging/${command}.ts`, ...args],
      {
        cwd: root,
        env: {
          ...{ HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' },
          ...env,
        },
        encoding: 'utf8',
      },
    );
    return { status, stdout, stderr };
  }

  it('stops with a line for each fault of its settings, before it packages', () => {
    const env = { ...development, CORS_ORIGIN: '*', TAGS: 'team' };
    const { status, stdout, stderr } = run('deploy', ['--stage', 'prod'], env);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.split('\n')).toEqual([
      'Missing settings: ALARM_TOPIC, RESERVED_TOTAL, PRIMARY_TIER, SECONDARY_TIER',
      expect.stringMatching(/^CORS_ORIGIN must be /),
      expect.stringMatching(/^TAGS must be /),
      expect.stringContaining('.env.prod'),
      '',
    ]);
  });

  it('stops without credentials, before it packages', () => {
    const { status, stdout, stderr } = run('deploy', ['--stage', 'dev'], development);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^There are no AWS credentials\. .*AWS_PROFILE.*\n$/);
  });

  it.each([
    ['is removed only by the name of its stage', [], /^Name the stage to remove/],
    [
      'in production is removed only with a confirmation',
      ['--stage', 'prod'],
      /^prod is a production stage\. .*--confirm prod\n$/,
    ],
    [
      'in production is not removed with the confirmation of another stage',
      ['--stage', 'prod-eu', '--confirm', 'prod'],
      /^prod-eu is a production stage/,
    ],
    [
      'is removed only with credentials',
      ['--stage', 'prod', '--confirm', 'prod'],
      /^There are no AWS credentials/,
    ],
    ['has a stage with a valid name', ['--stage', '../prod'], /^The stage must be/],
  ])('%s', (_, args, text) => {
    const { status, stderr } = run('remove', args);
    expect(stderr).toMatch(text);
    expect(status).toBe(1);
  });
});

describe('git', () => {
  const isIgnored = (file: string) =>
    spawnSync('git', ['check-ignore', '--quiet', '--no-index', file], { cwd: root }).status === 0;

  it.each(['.env', '.env.prod', '.env.local', 'secrets.json', 'docs/secrets.json'])(
    'ignores %s, which may have secrets',
    (file) => expect(isIgnored(file)).toBe(true),
  );

  it('does not ignore the example of settings', () => {
    expect(isIgnored('.env.example')).toBe(false);
  });
});
