import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { routeOf } from './served.ts';

/** A proxy that passes requests on to a service, except for those that it answers with a 500. */
export interface BreakingProxy {
  url: string;
  /** Whether a request of an operation gets a 500. */
  breaks: (operation: string) => boolean;
  stop: () => Promise<void>;
}

/** Starts a proxy for the service at `upstream`. */
export async function startBreakingProxy(upstream: string): Promise<BreakingProxy> {
  const server = createServer(async (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const route = await routeOf(method, url.split('?')[0] ?? '');
    if (route && proxy.breaks(route.contract.name)) {
      request.resume();
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end('{"message":"Internal Server Error"}');
      return;
    }
    const forwarded = send(`${upstream}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: BreakingProxy = {
    url: `http://localhost:${port}`,
    breaks: () => false,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return proxy;
}
