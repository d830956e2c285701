import { parseArgs } from 'node:util';
import { manystore } from '@manystore/client';
import { accessTo } from './access.ts';
import { runCommand, UsageError } from './command.ts';
import { exportStore } from './handover/export-store.ts';
import { importStore } from './handover/import-store.ts';

/*
 * `npm run stores`: writes a store to a folder, so that it can be handed over or kept, and creates a store from such a
 * folder.
 */

const SCOPES = {
  export: ['stores:read', 'products:read'],
  import: ['stores:read', 'stores:admin', 'products:write', 'archive:write'],
};

const OPTIONS = {
  to: { type: 'string' },
  as: { type: 'string' },
  'restore-since': { type: 'string' },
  url: { type: 'string' },
  token: { type: 'string' },
} as const;

type Values = Partial<Record<keyof typeof OPTIONS, string>>;

const print = (line: string) => process.stdout.write(`${line}\n`);
const progress = (line: string) => process.stderr.write(`${line}\n`);

async function stores(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [command, subject, ...more] = positionals;
  if ((command !== 'export' && command !== 'import') || subject === undefined || more.length > 0)
    throw new UsageError('Expected export and the id of a store, or import and a folder');
  return command === 'export' ? exportTo(values, subject) : importFrom(values, subject);
}

async function exportTo(values: Values, store: string): Promise<number> {
  const { to: folder } = values;
  if (folder === undefined) throw new UsageError('Set --to to the folder of the export');
  const client = await clientFor(values, 'export', store);
  const { files, isConsistent } = await exportStore({ client, store, folder, print: progress });
  for (const [name, { records, bytes, sha256 }] of Object.entries(files))
    print(`${folder}/${name}: ${records} records, ${bytes} bytes, SHA-256 ${sha256}`);
  if (!isConsistent)
    print(`${store} was not suspended: changes during the export may be missing or partial`);
  return 0;
}

async function importFrom(values: Values, folder: string): Promise<number> {
  const client = await clientFor(values, 'import', '*');
  const { created, updated, unchanged, archived, failed } = await importStore({
    client,
    folder,
    store: values.as,
    restoreSince: timeIn(values['restore-since']),
    print: progress,
  });
  print(
    `${created} products created, ${updated} updated, ${unchanged} unchanged; ${archived} records archived`,
  );
  for (const line of failed) process.stderr.write(`FAILED ${line}\n`);
  return failed.length > 0 ? 1 : 0;
}

async function clientFor(
  values: Values,
  command: keyof typeof SCOPES,
  store: string,
): Promise<ReturnType<typeof manystore>> {
  const request = { stores: [store], scopes: SCOPES[command] };
  const { url, currentToken } = await accessTo(values, request);
  return manystore({ url, token: currentToken });
}

function timeIn(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(time.getTime()))
    return time;
  throw new UsageError('--restore-since must be a time such as 2026-11-29T20:00:00Z');
}

await runCommand({
  usage:
    'npm run stores -- export ID --to FOLDER | import FOLDER [--as ID] [--restore-since TIME] [--url URL] [--token TOKEN]',
  about: `Exports the products and the archive of a store as NDJSON files with a manifest, or creates a store from them.

  --to FOLDER            the folder of the export, which is created
  --as ID                the id of the new store; by default, that of the exported one
  --restore-since TIME   makes products of what was archived at this time or later, for a store that was closed
  --url URL              the service: that of npm start by default
  --token TOKEN          by default, the token in MANYSTORE_TOKEN, or else one of the issuer of npm start

Both can be repeated: an interrupted export continues, and an import changes nothing that is there already.`,
  main: stores,
});
