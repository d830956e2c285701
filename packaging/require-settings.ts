/*
 * `node packaging/require-settings.ts NAME …`: stops a deployment if one of the named settings is missing, or if any setting
 * has a form that would weaken the service or could not work. A message names the setting and never shows its value.
 */

import { settingFaults } from './deployment-settings.ts';

const faults = settingFaults(process.env, process.argv.slice(2));
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\nSee docs/operations.md\n`);
  process.exit(1);
}
