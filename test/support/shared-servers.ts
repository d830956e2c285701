import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { connectionStringVariable, SERVER_NAMES } from '#lib/runtime/servers.ts';

// Prints the connection string of each server as one line of JSON, and serves until the standard input is closed. The
// cluster eu-1 has an embedded server of its own, or else it is on the secondary's server.
const servers = await Promise.all(
  SERVER_NAMES.map(async (name) => {
    const variable = connectionStringVariable(name);
    return [variable, process.env[variable] ?? (await startEmbeddedMongo()).uri] as const;
  }),
);
const cluster = process.env.SECONDARY_CONN_STR ?? (await startEmbeddedMongo()).uri;
console.log(JSON.stringify({ ...Object.fromEntries(servers), 'eu-1': cluster }));
process.stdin.on('end', () => process.exit()).resume();
