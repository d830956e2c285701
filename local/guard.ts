import { createHash, timingSafeEqual } from 'node:crypto';
import { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { replaceFault } from './gateway-fault.ts';
import { logResponse } from './gateway-log.ts';

/*
 * Any page that a developer visits can send requests to localhost. What `npm start` runs is therefore only for clients on
 * this machine and for pages of this machine, as the headers `Host` and `Origin` show. A page that reaches
 * localhost under a name of its own (DNS rebinding) sends that name as `Host`.
 */

/** This machine, by the names that clients use for it, with any port. */
const OWN_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;
const OWN_ORIGIN = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * Returns why a request must be rejected: it was sent by a page of another site, or under a host name that is not
 * localhost. Undefined for one that may pass.
 */
export function foreignness({ url = '', headersDistinct }: IncomingMessage): string | undefined {
  const { host = [], origin = [] } = headersDistinct;
  if (host.length !== 1 || !OWN_HOST.test(host[0] ?? ''))
    return 'Host must be localhost, 127.0.0.1 or [::1]';
  if (origin.length > 1 || (origin[0] !== undefined && !OWN_ORIGIN.test(origin[0])))
    return 'Origin must be a page of localhost, 127.0.0.1 or [::1]';
  // A URL with a host of its own (the absolute form of HTTP) would override `Host`.
  if (!url.startsWith('/')) return 'The request target must be a path';
  return undefined;
}

/** Responds to a request that is rejected. A browser shows the page nothing of it: there are no CORS headers. */
export function reject(response: ServerResponse, reason: string): void {
  response.writeHead(403, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ message: `Forbidden: ${reason}` }));
}

/** Returns whether a request has the secret as its bearer token. Without a secret, none has. */
function hasSecret({ headersDistinct }: IncomingMessage, secret: string | undefined): boolean {
  const [given, ...others] = headersDistinct.authorization ?? [];
  if (!secret || given === undefined || others.length > 0) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(`Bearer ${secret}`));
}

/**
 * Makes every HTTP server of this process reject foreign requests before anything else sees them. On all ports but one,
 * requests must also have a secret. On that one, the API's, each request is logged, and a function that fails is answered
 * as API Gateway does.
 *
 * @param openPort the port that needs no secret
 * @param secret undefined if nobody knows one: then the other ports reject every request
 */
export function guardServers({
  openPort,
  secret,
}: {
  openPort: number;
  secret: string | undefined;
}): void {
  const emit = Server.prototype.emit as (event: string, ...args: unknown[]) => boolean;
  // A request arrives as one of several events, such as `request`, `checkContinue` and `upgrade`.
  Server.prototype.emit = function guarded(this: Server, event: string, ...args: unknown[]) {
    const [request, response] = args;
    if (!(request instanceof IncomingMessage)) return emit.call(this, event, ...args);
    const isOpen = request.socket.localPort === openPort;
    if (isOpen && response instanceof ServerResponse) {
      logResponse(request, response);
      replaceFault(response);
    }
    const reason =
      foreignness(request) ??
      (isOpen || hasSecret(request, secret) ? undefined : 'Use npm run invoke, or npm run indexes');
    if (reason === undefined) return emit.call(this, event, ...args);
    if (response instanceof ServerResponse) reject(response, reason);
    else (response as Socket).destroy();
    return true;
  };
}
