import { parseArgs } from 'node:util';
import { runCommand, suggestion, UsageError } from '../local/command.ts';
import { bulk } from './bulk.ts';
import { cold } from './cold.ts';
import { embedded } from './embedded-mongodb.ts';
import { far } from './far.ts';
import type { Figure } from './figure.ts';
import { growth } from './growth.ts';
import { hostile } from './hostile.ts';
import { mirror } from './mirror.ts';
import type { Part } from './part.ts';
import { placement } from './placement.ts';
import { stores } from './stores.ts';
import { tableOf } from './table.ts';
import { throttled } from './throttled.ts';
import { tracing } from './tracing.ts';
import { warm } from './warm.ts';

/* `npm run bench`: measures, and prints a table; see README.md. */

const parts: Record<string, Part> = {
  ...{ cold, warm, stores, bulk },
  ...{ embedded, mirror, growth, hostile, placement, tracing, far, throttled },
};
/** The parts whose figures have peers and bounds. */
const DEFAULT = ['cold', 'warm', 'stores', 'bulk'];

type Result = Figure & { part: string };

async function bench(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '15' },
      artifacts: { type: 'string' },
      picture: { type: 'string' },
    },
    allowPositionals: true,
  });
  const { json, artifacts, picture } = values;
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new UsageError('--rounds takes a number from 1');
  const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined)
    throw new UsageError(
      `Unknown part ${unknown}${suggestion(unknown, Object.keys(parts))}; expected one of ${Object.keys(parts).join(', ')}`,
    );
  const names = positionals.length > 0 ? positionals : DEFAULT;

  const results: Result[] = [];
  for (const name of names) {
    const progress = (text: string) => process.stderr.write(`${name}: ${text}\n`);
    const figures = (await parts[name]?.({ rounds, artifacts, picture, progress })) ?? [];
    results.push(...figures.map((figure) => ({ part: name, ...figure })));
  }
  process.stdout.write(json ? asJson(rounds, results) : `\n${tableOf(results)}\n`);
  return results.some(({ holds }) => holds === false) ? 1 : 0;
}

const asJson = (rounds: number, figures: Result[]) =>
  `${JSON.stringify({ node: process.version, rounds, figures }, null, 2)}\n`;

await runCommand({
  usage: 'npm run bench -- [PART …] [--rounds N] [--artifacts FOLDER] [--picture FILE] [--json]',
  about: `Measures, and prints a table of ratios. The parts are ${Object.keys(parts).join(', ')};\nthe default is ${DEFAULT.join(', ')}. It exits with code 1 if a figure exceeds its bound.`,
  main: bench,
});
