import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../local/ports.ts';

const prism = fileURLToPath(new URL('../../node_modules/.bin/prism', import.meta.url));
const document = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));

/** A proxy that holds what goes through it against the API's document, in both directions. */
export interface ValidatingProxy {
  url: string;
  /**
   * Sends a request through it.
   *
   * @throws {Error} when the request or its answer is not as the document has it
   */
  fetch: (input: Request | string, init?: RequestInit) => Promise<Response>;
  stop: () => Promise<void>;
}

/** Starts one before the service at `upstream`. */
export async function startValidatingProxy(upstream: string): Promise<ValidatingProxy> {
  const port = await freePort(4_010);
  const child = spawn(
    process.execPath,
    [prism, 'proxy', document, upstream, '--port', String(port), '--host', '127.0.0.1'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output += chunk));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => output.includes('Prism is listening') && resolve());
    child.once('exit', () => reject(new Error(`The proxy did not start:\n${output}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      // What the proxy finds, it adds to the answer.
      const found = response.headers.get('sl-violations');
      if (found) throw new Error(`Not as the document has it: ${found}`);
      // What it cannot place, it answers itself.
      if (!response.headers.has('x-request-id'))
        throw new Error(`No answer of the service: ${await response.text()}`);
      return response;
    },
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
