import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { connectionStringVariable, SERVER_NAMES } from '#lib/runtime/servers.ts';

// Prints the connection string of each server as one line of JSON, and serves until the standard input is closed.
const servers = await Promise.all(
  SERVER_NAMES.map(async (name) => {
    const variable = connectionStringVariable(name);
    return [variable, process.env[variable] ?? (await startEmbeddedMongo()).uri] as const;
  }),
);
console.log(JSON.stringify(Object.fromEntries(servers)));
process.stdin.on('end', () => process.exit()).resume();
