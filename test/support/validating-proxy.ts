import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../local/ports.ts';

const prism = fileURLToPath(new URL('../../node_modules/.bin/prism', import.meta.url));
const document = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));

/** A proxy that checks requests and responses against the OpenAPI document. */
export interface ValidatingProxy {
  url: string;
  /**
   * Sends a request through the proxy.
   *
   * @throws {Error} when the request or its response does not match the document
   */
  fetch: (input: Request | string, init?: RequestInit) => Promise<Response>;
  stop: () => Promise<void>;
}

/** Starts a proxy for the service at `upstream`. */
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
      // The proxy adds its findings to the response.
      const found = response.headers.get('sl-violations');
      if (found) throw new Error(`The message does not match the OpenAPI document: ${found}`);
      // The proxy itself responds to an unknown route.
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
