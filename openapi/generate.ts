import { writeFileSync } from 'node:fs';
import { closeConnections } from '#lib/connections.ts';
import { startEmbeddedServers } from '../local/servers.ts';
import { DOCUMENT, documentOf } from './document.ts';
import { runExamples } from './examples.ts';
import { allFunctions } from './functions.ts';

/*
 * `npm run openapi`: writes docs/openapi.json. The example responses come from the service itself, on embedded servers.
 */

const servers = await startEmbeddedServers();
Object.assign(process.env, {
  ...servers.env,
  CURSOR_SECRET: 'signs the cursors of the examples',
  STORE_DRAIN_MS: '0',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
});

const functions = await allFunctions();
const examples = await runExamples(functions);
writeFileSync(DOCUMENT, documentOf(functions.operations, examples));
await closeConnections();
await servers.stop();
