import { expect, it } from '@jest/globals';
import { closeConnections } from '#lib/connections.ts';
import type { Contract } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import { settings } from '#lib/runtime/settings.ts';
import { captureLog } from '../support/captured-log.ts';
import { everyRow } from '../support/every-request.ts';
import { contextOf, eventOf, invoke } from '../support/gateway.ts';
import { sampleOf } from '../support/length.ts';
import { allFunctions } from '../support/operations.ts';
import { servers } from '../support/settings.ts';
import { absentSite } from '../support/sites.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'INFO';
process.env.POWERTOOLS_METRICS_DISABLED = 'false';

const { operations, tasks } = await allFunctions();
const product = '0'.repeat(24);
const nowhere = () =>
  absentSite({ cluster: 'primary', word: '', id: '', product, archived: product, head: product });
const { host } = new URL(servers.primary);

/** The rows of operations that need a database connection. */
const asking = everyRow.filter(([, , row]) => !row.alone);

const log = captureLog();

const strings: [what: string, uri: string][] = [
  ['a server that signs nobody in so', `mongodb://TopSecretUser:TopSecretPassword@${host}/db`],
  ['no server', 'mongodb://TopSecretUser:TopSecretPassword@127.0.0.1:1/db'],
  ['no host', 'mongodb://TopSecretUser:TopSecretPassword@/db'],
  ['a password that is not escaped', 'mongodb://TopSecretUser:TopSecret/Pass@word@127.0.0.1/db'],
  ['a password with a quote', `mongodb://TopSecretUser:it's"TopSecret@127.0.0.1:1/db`],
  ['an option that there is not', `mongodb://u:TopSecretPassword@${host}/db?TopSecret=1`],
  ['an option with an odd value', `mongodb://u:TopSecretPassword@${host}/db?w=TopSecret&tls=maybe`],
  ['TLS switched off', 'mongodb://TopSecretUser:TopSecretPassword@db.invalid/db?tls=false'],
  ['another scheme', 'https://TopSecretUser:TopSecretPassword@127.0.0.1/db'],
  ['a name that DNS does not have', 'mongodb+srv://TopSecretUser:TopSecretPassword@db.invalid/db'],
];

it.each(sampleOf(strings, 4))('keeps a connection string secret that has %s', async (_, uri) => {
  await closeConnections();
  Object.assign(settings().secrets, { primary: uri, secondary: uri, cursor: 'TopSecretOfCursors' });
  log.clear();
  const answers = await Promise.all(
    asking.map(async ([name, , row]) => {
      const operation = operations.get(name) as Operation<Contract>;
      const event = eventOf(operation, row.request(nowhere(), nowhere()));
      return operation(event, contextOf(operation));
    }),
  );
  for (const { statusCode } of answers) expect(statusCode).toBeGreaterThanOrEqual(500);
  const failures = await Promise.all(
    [...tasks.values()].map((task) =>
      invoke(task, task.contract.name === 'roll-out-indexes' ? { mode: 'plan' } : {}).catch(
        (error: Error) => [error.message, error.stack, JSON.stringify(error)],
      ),
    ),
  );
  expect(failures).toHaveLength(tasks.size);
  expect(JSON.stringify([answers, failures])).not.toMatch(/TopSecret|Pass@word/);
  expect(log.text).toContain('"status":50');
  expect(log.text).not.toMatch(/TopSecret|Pass@word/);
});
