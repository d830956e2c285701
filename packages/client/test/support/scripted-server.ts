import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the server received. */
export interface Received {
  method: string;
  /** The path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A response, or what happens instead of one. */
export type Reply =
  | { status: number; headers?: Record<string, string>; body?: unknown }
  | 'no response'
  | 'a broken connection'
  | 'half a response';

/** An HTTP server that gives a list of replies, one for each request, and then repeats the last one. */
export interface ScriptedServer {
  url: string;
  received: Received[];
  /** Starts again with these replies. */
  reply: (...replies: Reply[]) => void;
  /** Resolves when a number of requests have been received. */
  hasReceived: (count: number) => Promise<void>;
  stop: () => Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const received: Received[] = [];
  let replies: Reply[] = [];
  let arrived = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    received.push({ method, url, headers, body });
    arrived.resolve();
    arrived = Promise.withResolvers();
    give(response, (replies.length > 1 ? replies.shift() : replies[0]) ?? 'no response');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    reply: (...next) => {
      replies = next;
      received.length = 0;
    },
    hasReceived: async (count) => {
      while (received.length < count) await arrived.promise;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function give(response: ServerResponse, reply: Reply): void {
  if (reply === 'no response') return;
  if (reply === 'a broken connection') {
    response.destroy();
    return;
  }
  if (reply === 'half a response') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{', () => response.destroy());
    return;
  }
  const { status, headers = {}, body } = reply;
  const isText = typeof body === 'string';
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'content-type': isText ? 'text/html' : 'application/json' }),
    ...headers,
  });
  response.end(body === undefined || isText ? body : JSON.stringify(body));
}
