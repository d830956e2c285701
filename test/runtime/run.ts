import { parseArgs } from 'node:util';
import { runCommand, suggestion, UsageError } from '../../local/command.ts';
import { allCases, type Case } from './cases.ts';
import { exampleCatalog, withStoresOnCluster } from './databases/catalog.ts';
import { forEachDeployment } from './databases/deployments.ts';
import { makeArtifacts } from './lambda/artifacts.ts';
import { runtimeInterfaceClient } from './lambda/runtime-interface-client.ts';
import { startServers, stopServers } from './lane.ts';
import type { Lab, Part } from './part.ts';
import { blackHole } from './parts/black-hole.ts';
import { clusters } from './parts/clusters.ts';
import { codes } from './parts/codes.ts';
import { cold } from './parts/cold.ts';
import { freeze } from './parts/freeze.ts';
import { kill } from './parts/kill.ts';
import { killedPrimary } from './parts/killed-primary.ts';
import { memory } from './parts/memory.ts';
import { soak } from './parts/soak.ts';
import { stores } from './parts/stores.ts';
import { unanswered } from './parts/unanswered.ts';
import { type Result, tableOf } from './table.ts';

/* `npm run test:runtime`: runs the artifacts in Lambda's runtime, with everything that happens to them. */

/** The parts, each with its share of the time. */
const PARTS: Record<string, { part: Part; share: number }> = {
  kill: { part: kill, share: 25 },
  unanswered: { part: unanswered, share: 12 },
  freeze: { part: freeze, share: 14 },
  'black-hole': { part: blackHole, share: 8 },
  clusters: { part: clusters, share: 20 },
  codes: { part: codes, share: 8 },
  'killed-primary': { part: killedPrimary, share: 6 },
  cold: { part: cold, share: 4 },
  stores: { part: stores, share: 6 },
  memory: { part: memory, share: 6 },
  soak: { part: soak, share: 11 },
};
const NAMES = Object.keys(PARTS);

const DEFAULT_MINUTES = 12;

async function testRuntime(): Promise<number> {
  const started = performance.now();
  const { values } = parseArgs({
    options: {
      whole: { type: 'boolean', default: false },
      only: { type: 'string' },
      functions: { type: 'string' },
      minutes: { type: 'string', default: String(DEFAULT_MINUTES) },
      artifacts: { type: 'string' },
    },
  });
  const names = namesIn(values.only);
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new UsageError('--minutes takes a number above 0');
  const client = await runtimeInterfaceClient(tell('runtime'));
  tell('runtime')(values.artifacts ? 'unpacks the functions' : 'packages the functions');
  using artifacts = await makeArtifacts(values.artifacts);
  const cases = casesOf(values.functions, await allCases());
  const catalog = await newCatalog();
  const catalogOnCluster = withStoresOnCluster(catalog);
  const lab: Lab = { client, artifacts, catalog, catalogOnCluster, cases };
  const end = started + minutes * 60_000;
  const results: Result[] = [];
  for (const [index, name] of names.entries()) {
    const time = timeFor(names.slice(index), end);
    results.push(await runPart(name, lab, values.whole ? Number.POSITIVE_INFINITY : time));
  }
  process.stdout.write(`\n${tableOf(results)}\n`);
  return results.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

/** Returns the cases of some functions, or all. */
function casesOf(functions: string | undefined, cases: readonly Case[]): readonly Case[] {
  const names = functions?.split(',');
  const known = [...new Set(cases.map(({ name }) => name))];
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`Unknown function ${unknown}${suggestion(unknown, known)}`);
  return names ? cases.filter(({ name }) => names.includes(name)) : cases;
}

function namesIn(only: string | undefined): string[] {
  const names = only === undefined ? NAMES : only.split(',');
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown !== undefined)
    throw new UsageError(
      `Unknown part ${unknown}${suggestion(unknown, NAMES)}; expected some of ${NAMES.join(',')}`,
    );
  return names;
}

/** The time of the first of some parts, in milliseconds: its share of what is left. */
function timeFor(names: readonly string[], end: number): number {
  const shares = names.map((name) => PARTS[name]?.share ?? 0);
  const sum = shares.reduce((total, share) => total + share, 0);
  return ((end - performance.now()) * (shares[0] ?? 0)) / sum;
}

async function runPart(name: string, lab: Lab, time: number): Promise<Result> {
  const started = performance.now();
  const options = {
    lab,
    isWhole: time === Number.POSITIVE_INFINITY,
    isOver: () => performance.now() - started > time,
    progress: tell(name),
  };
  const row = await PARTS[name]?.part(options);
  if (!row) throw new Error(`There is no part ${name}`);
  for (const violation of row.violations) process.stdout.write(`${name}: ${violation}\n`);
  return { part: name, ...row, seconds: (performance.now() - started) / 1_000 };
}

/** Creates the catalog of the examples on servers that are stopped again. */
async function newCatalog() {
  const { servers, clients } = await startServers();
  const uris = forEachDeployment((name) => servers[name].uri);
  try {
    return await exampleCatalog(uris, clients);
  } finally {
    await stopServers(servers, clients);
  }
}

const tell = (part: string) => (text: string) => process.stderr.write(`${part}: ${text}\n`);

await runCommand({
  usage:
    'npm run test:runtime -- [--only PART,…] [--functions NAME,…] [--minutes N] [--whole] [--artifacts FOLDER]',
  about: `Runs the artifacts in Lambda's runtime, with everything that happens to them there, and prints a table.\nThe parts are ${NAMES.join(', ')}; by default they take at most ${DEFAULT_MINUTES} minutes together, and the table\nsays what was shortened. --whole runs everything. It exits with code 1 if a guarantee was violated.`,
  main: testRuntime,
});
