import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { timeLimitOf } from '#lib/http/contract.ts';
import { connectionStringVariable, DEFAULT_SOCKETS, SERVER_NAMES } from '#lib/runtime/servers.ts';
import { INTEGERS } from '#lib/runtime/settings.ts';
import { allFunctions } from '../support/operations.ts';

interface HttpApi {
  method: string;
  path: string;
  authorizer?: { name: string; scopes: string[] };
}

interface Template {
  functions: Record<
    string,
    {
      handler: string;
      timeout?: number | string;
      events?: { httpApi?: HttpApi; schedule?: { rate: string; input: object } }[];
    }
  >;
  provider: { timeout: string; environment: Record<string, string> };
}

/** Locally they are read from the environment; in AWS they are in the parameter. */
const SECRETS = [
  ...SERVER_NAMES.map(connectionStringVariable),
  'CLUSTER_CONN_STRS',
  'CURSOR_SECRET',
];

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const { functions, provider }: Template = parse(read('serverless.yml'));
const { operations, tasks } = await allFunctions();

describe('serverless.yml', () => {
  it('has exactly one function for each operation and task', () => {
    const names = [...operations.keys(), ...tasks.keys()];
    expect(Object.keys(functions).sort()).toEqual(names.sort());
  });

  it('passes on every setting that the functions read, and no secret', () => {
    for (const [name, { fallback }] of Object.entries(INTEGERS))
      expect(provider.environment).toHaveProperty(name, `\${env:${name}, '${fallback ?? ''}'}`);
    for (const name of ['SECRETS_PARAMETER', 'DEFAULT_CLUSTER'])
      expect(provider.environment).toHaveProperty(name);
    for (const name of SECRETS) expect(read('serverless.yml')).not.toContain(name);
  });

  it('has the pools of its functions in the connection budget', () => {
    const rows = [...read('docs/operations.md').matchAll(/^\| (\S+) +\| (\d+) +\| (\d+) +\|$/gm)];
    const documented = rows.map(([, name, ...sizes]) => [name, ...sizes.map(Number)]);
    const declared = [...operations, ...tasks]
      .filter(([, { contract }]) => contract.sockets)
      .map(([name, { contract }]) => [
        name,
        ...SERVER_NAMES.map((server) => contract.sockets?.[server] ?? DEFAULT_SOCKETS),
      ]);
    expect(documented.sort()).toEqual(declared.sort());
    expect(read('docs/operations.md')).toMatch(
      new RegExp(
        `^\\| every other one +\\|${` ${DEFAULT_SOCKETS} +\\|`.repeat(SERVER_NAMES.length)}$`,
        'm',
      ),
    );
  });

  it('has every setting explained in .env.example', () => {
    const example = read('.env.example');
    for (const [name, { fallback }] of Object.entries(INTEGERS))
      expect(example).toContain(`\n#${name}=${fallback ?? ''}\n`);
    for (const name of SECRETS) expect(example).toContain(`\n#${name}=`);
  });
});

describe.each([...operations, ...tasks])('%s', (name, { contract }) => {
  it('has the same name in its file, its contract, serverless.yml and its test', () => {
    expect(contract.name).toBe(name);
    expect(functions[name]?.handler).toBe(`functions/${name}.handler`);
    expect(existsSync(new URL(`test/functions/${name}.test.ts`, root))).toBe(true);
  });
});

describe.each([...operations])('%s', (name, { contract }) => {
  it('has a timeout that leaves its time limit and the margin, and that is below that of API Gateway', () => {
    const ms = timeoutOf(name) * 1_000;
    expect(ms).toBeGreaterThanOrEqual(timeLimitOf(contract) + INTEGERS.DEADLINE_MARGIN_MS.fallback);
    expect(ms).toBeLessThan(30_000);
  });

  it('has the routes that it declares, each with its scope', () => {
    const { routes, scope } = contract;
    const authorizer = scope === 'public' ? undefined : { name: 'tokens', scopes: [scope] };
    const declared = routes.map((route) => {
      const [method, path] = route.split(' ');
      return { method, path, ...(authorizer ? { authorizer } : {}) };
    });
    expect(functions[name]?.events?.map(({ httpApi }) => httpApi)).toEqual(declared);
  });

  it('checks every parameter of its routes', () => {
    const inRoutes = contract.routes.flatMap((route) => route.match(/(?<=\{)\w+/g) ?? []);
    const checked = contract.path ? Object.keys(shapeOf(contract.path)) : [];
    expect(checked.sort()).toEqual([...new Set(inRoutes)].sort());
  });
});

if (tasks.size > 0)
  describe.each([...tasks])('%s', (name, { contract }) => {
    it('has the schedule that it declares', () => {
      const rates = functions[name]?.events?.map(({ schedule }) => schedule?.rate) ?? [];
      expect(rates).toEqual(contract.schedule ? [contract.schedule] : []);
    });
  });

/** Returns the timeout of a function in seconds, without the parameter with which a debugger replaces it. */
const timeoutOf = (name: string): number =>
  Number(String(functions[name]?.timeout ?? provider.timeout).match(/\d+/)?.[0]);

const shapeOf = (schema: unknown) => (schema as { shape: object }).shape;
