import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('shared-servers.ts', import.meta.url));

/** Each worker of jest has servers of its own, up to this number of workers. */
const MAX_PROCESSES = 8;

/**
 * Starts the embedded servers before the first test file, unless the environment names others: a process for each worker
 * of jest. Its files share them, because loading the embedded server in each file would take as long as many of its tests.
 */
export default async function startSharedServers({ maxWorkers }) {
  if (process.env.TEST_SERVERS) return; // In watch mode, this runs before each run.
  const count = process.env.PRIMARY_CONN_STR ? 1 : Math.min(maxWorkers, MAX_PROCESSES);
  const servers = await Promise.all(Array.from({ length: count }, startProcess));
  process.env.TEST_SERVERS = `[${servers.join()}]`;
}

/** Starts a process with the servers. Returns their connection strings, as JSON. */
async function startProcess() {
  const child = spawn(process.execPath, ['--conditions=@manystore/source', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [servers] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The embedded servers exited with code ${code}`);
    }),
  ]);
  // The servers end with this process, whose end closes their standard input.
  for (const handle of [child, child.stdin, child.stdout]) handle.unref();
  return servers;
}
