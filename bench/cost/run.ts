import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCommand } from '../../local/command.ts';
import { measure } from './measure.ts';
import { MEASURED_FILE, readMeasured } from './measured.ts';
import { costPage, PAGE_FILE } from './page.ts';
import { PRICES } from './prices.ts';

/* `npm run cost`: measures, and writes measured.json and docs/cost.md. */

async function cost(): Promise<number> {
  const { values } = parseArgs({
    options: { text: { type: 'boolean', default: false }, artifacts: { type: 'string' } },
  });
  if (!values.text) {
    const progress = (text: string) => process.stderr.write(`cost: ${text}\n`);
    const measured = await measure({ artifacts: values.artifacts, progress });
    writeFileSync(MEASURED_FILE, `${JSON.stringify(measured, null, 2)}\n`);
  }
  writeFileSync(PAGE_FILE, costPage(readMeasured(), PRICES));
  return 0;
}

await runCommand({
  usage: 'npm run cost -- [--text] [--artifacts FOLDER]',
  about:
    'Measures the packaged functions with the CPU quota of Lambda, and writes docs/cost.md. It needs root, for the quota.\n' +
    '--text only writes docs/cost.md again, from the committed measurements and the prices of bench/cost/prices.ts.',
  loadsEnvFile: false,
  main: cost,
});
