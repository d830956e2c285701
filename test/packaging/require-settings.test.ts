import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));

const good = {
  SECRETS_PARAMETER: '/manystore/prod',
  JWT_ISSUER: 'https://issuer.example/realm/',
  JWT_AUDIENCE: 'manystore',
};

/** Checks settings as `npm run deploy` does, and returns the exit code and what is printed. */
function check(env: Record<string, string>) {
  const names = Object.keys(good);
  const { status, stderr } = spawnSync(
    process.execPath,
    ['packaging/require-settings.ts', ...names],
    { cwd: root, env: { ...good, ...env }, encoding: 'utf8' },
  );
  return { status, lines: stderr.trim().split('\n').filter(Boolean) };
}

describe('the settings of a deployment', () => {
  it.each([
    {},
    { JWT_ISSUER: 'https://issuer.example' },
    { CORS_ORIGIN: 'https://shop.example', ARCHITECTURE: 'arm64', THROTTLE_BURST: '1' },
    { CORS_ORIGIN: 'https://shop.example:8443', SECRETS_PARAMETER: '/one' },
    { CORS_ORIGIN: '', ALARM_TOPIC: 'arn:aws:sns:eu-central-1:123456789012:alarms' },
  ])('are accepted: %j', (env) => {
    expect(check(env)).toEqual({ status: 0, lines: [] });
  });

  it.each(Object.keys(good))('must include %s', (name) => {
    for (const value of ['', ' ']) {
      const { status, lines } = check({ [name]: value });
      expect([status, lines[0]]).toEqual([1, `Missing environment variables: ${name}`]);
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
      .concat(['https://shop.example/', 'https://a.example,https://b.example', 'https://A.example'])
      .concat(['https://u@shop.example', 'https://shop.example?'])
      .map((value) => ['CORS_ORIGIN', value]),
    ['ARCHITECTURE', 'x64'],
    ['ALARM_TOPIC', 'alarms'],
    ['THROTTLE_PER_SECOND', '0'],
    ['THROTTLE_BURST', '1e9'],
    ['ALARM_CLIENT_ERRORS', '-1'],
  ])('are rejected by name and not shown: %s=%j', (name = '', value = '') => {
    const { status, lines } = check({ [name]: value });
    expect([status, lines.length]).toEqual([1, 2]);
    expect(lines[0]).toMatch(new RegExp(`^${name} must be .+`));
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
