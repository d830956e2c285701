import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { settingFaults } from '../../packaging/deployment-settings.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const good = {
  SECRETS_PARAMETER: '/manystore/prod',
  JWT_ISSUER: 'https://issuer.example/realm/',
  JWT_AUDIENCE: 'manystore',
};

const check = (env: Record<string, string>) =>
  settingFaults({ ...good, ...env }, Object.keys(good));

describe('the settings of a deployment', () => {
  it.each([
    {},
    { JWT_ISSUER: 'https://issuer.example' },
    { CORS_ORIGIN: 'https://shop.example', ARCHITECTURE: 'arm64', THROTTLE_BURST: '1' },
    { CORS_ORIGIN: 'https://shop.example:8443,https://a.example', SECRETS_PARAMETER: '/one' },
    { CORS_ORIGIN: '', ALARM_TOPIC: 'arn:aws:sns:eu-central-1:123456789012:alarms' },
  ])('are accepted: %j', (env) => {
    expect(check(env)).toEqual([]);
  });

  it.each(Object.keys(good))('must include %s', (name) => {
    for (const value of ['', ' ']) {
      expect(check({ [name]: value })).toEqual([`Missing environment variables: ${name}`]);
    }
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
  ])('are rejected by name and not shown: %s=%j', (name = '', value = '') => {
    const [fault, ...others] = check({ [name]: value });
    expect(fault).toMatch(new RegExp(`^${name} must be .+`));
    expect(others).toEqual([]);
  });

  it.each([
    ['*', 1, 'CORS_ORIGIN must be'],
    ['https://shop.example', 0, ''],
  ])('stop a deployment unless they are valid: CORS_ORIGIN=%s', (origin, code, text) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['packaging/require-settings.ts', ...Object.keys(good)],
      { cwd: root, env: { ...good, CORS_ORIGIN: origin }, encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([code, expect.stringContaining(text)]);
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
