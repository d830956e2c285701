import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { timeLimitOf } from '#lib/http/contract.ts';
import { connectionStringVariable, DEFAULT_SOCKETS, SERVER_NAMES } from '#lib/runtime/servers.ts';
import { INTEGERS } from '#lib/runtime/settings.ts';
import { budgetFaults, worstCase, worstCaseOfCluster } from '../../packaging/connection-budget.ts';
import { deployedFunctions } from '../../packaging/deployed-functions.ts';
import { deploymentValues } from '../../packaging/deployment-settings.ts';
import { FUNCTION_GROUPS, reservedConcurrency } from '../../packaging/function-groups.ts';
import { ATLAS_TIERS } from '../../packaging/setting-forms.ts';
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

/** The cells of every row of a table in docs/operations.md. */
const tableRows = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

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

  it('has every function in one of the groups that share the reserved concurrency', () => {
    const grouped = FUNCTION_GROUPS.flatMap(({ functions: names }) => names);
    expect([...grouped].sort()).toEqual(Object.keys(functions).sort());
    for (const group of FUNCTION_GROUPS) expect(group.functions.length).toBeLessThanOrEqual(10);
    expect(FUNCTION_GROUPS.reduce((sum, { share }) => sum + share, 0)).toBe(100);
    for (const total of [60, 74, 200, 899]) {
      const reserved = [...(reservedConcurrency(String(total))?.values() ?? [])];
      expect(reserved.reduce((a, b) => a + b)).toBeLessThanOrEqual(total);
      expect(Math.min(...reserved)).toBeGreaterThanOrEqual(2);
    }
    expect(reservedConcurrency('off')).toBeUndefined();
    expect(() => reservedConcurrency('59')).toThrow('RESERVED_TOTAL must be at least 60');
  });

  it('has the groups, and the worst case of each Atlas tier, in docs/operations.md', async () => {
    const at200 = reservedConcurrency('200');
    for (const { name, functions: names, share } of FUNCTION_GROUPS)
      expect(tableRows).toContainEqual([
        ...[name, names.join(', '), `${share} %`, String(at200?.get(names[0] ?? ''))],
      ]);
    const deployed = await deployedFunctions();
    for (const row of tableRows.filter(
      ([name = '']) => name in ATLAS_TIERS || name === 'M20, M30',
    )) {
      const tier = row[0]?.replace('M20, ', '') ?? '';
      const total = Number(row[2]);
      const concurrency = { reserved: reservedConcurrency(String(total)), quota: 1_000 };
      const { primary, secondary } = worstCase(deployed, concurrency);
      const cluster = worstCaseOfCluster(deployed, 2, concurrency);
      expect(row.slice(1)).toEqual(
        [ATLAS_TIERS[tier], total, primary, secondary, cluster].map(String),
      );
      const faults = (reserved: number) =>
        budgetFaults(
          deployed,
          deploymentValues({ RESERVED_TOTAL: String(reserved), PRIMARY_TIER: tier }),
          {},
        );
      expect(faults(total)).toEqual([]);
      expect(faults(total + 1)).toEqual([
        expect.stringMatching(/^The functions can open \d+ connections to a node of the primary, /),
      ]);
    }
    expect(tableRows.filter(([name = '']) => /^M\d/.test(name))).toHaveLength(3);
  });

  it('has a worst case that grows with the quota, the workers of a container and the pools', async () => {
    const deployed = await deployedFunctions();
    const reserved = reservedConcurrency('200');
    expect(worstCase(deployed, { reserved: undefined, quota: 10 }).primary).toBe(140);
    expect(worstCase(deployed, { reserved: undefined, quota: 1_000 }).primary).toBe(14_000);
    expect(worstCase(deployed, { reserved, quota: 1_000, processes: 8 }).primary).toBe(11_328);
    const values = deploymentValues({ RESERVED_TOTAL: '200', PRIMARY_TIER: 'M10' });
    expect(budgetFaults(deployed, values, { PRIMARY_POOL_SIZE: '10' })).toHaveLength(1);
    const clusters = deploymentValues({ RESERVED_TOTAL: '200', CLUSTER_TIER: 'M10' });
    expect(budgetFaults(deployed, clusters, {})).toEqual([]);
    expect(budgetFaults(deployed, clusters, { CLUSTER_POOL_SIZE: '5' })).toEqual([
      expect.stringMatching(/connections to a node of a cluster, and CLUSTER_TIER accepts 1490\./),
    ]);
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
