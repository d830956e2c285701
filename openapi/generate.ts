import { writeFileSync } from 'node:fs';
import { startServers } from '../local/servers.ts';

/*
 * `npm run openapi`: writes docs/openapi.json. The examples' answers come from the service itself, on two
 * embedded servers.
 */

delete process.env.PRIMARY_CONN_STR;
delete process.env.SECONDARY_CONN_STR;
const servers = await startServers({ mongod: false });
Object.assign(process.env, {
  PRIMARY_CONN_STR: servers.primary,
  SECONDARY_CONN_STR: servers.secondary,
  CURSOR_SECRET: 'of the examples',
  STORE_DRAIN_MS: '0',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
});

// These read the settings when they are loaded.
const { allFunctions } = await import('./functions.ts');
const { closeConnections } = await import('#lib/connections.ts');
const { DOCUMENT, documentOf } = await import('./document.ts');
const { runExamples } = await import('./examples.ts');

const functions = await allFunctions();
const examples = await runExamples(functions);
writeFileSync(DOCUMENT, documentOf(functions.operations, examples));
await closeConnections();
await servers.stop();
