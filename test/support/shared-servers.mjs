import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('shared-servers.ts', import.meta.url));

/**
 * Starts the embedded servers before the first test file, unless the environment names others. All files share them,
 * because loading the embedded server in each file would take as long as many of its tests.
 */
export default async function startSharedServers() {
  if (process.env.TEST_SERVERS) return; // In watch mode, this runs before each run.
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
  process.env.TEST_SERVERS = servers;
  // The servers end with this process, whose end closes their standard input.
  for (const handle of [child, child.stdin, child.stdout]) handle.unref();
}
