import { createServer, type Server, type Socket } from 'node:net';
import type { EmbeddedMongoTls } from './options.ts';

type Serve = (socket: Socket) => void;

/**
 * Returns what creates a server for plain connections or, with a certificate, for TLS connections. The code for TLS is
 * loaded only then.
 *
 * @returns a function. It calls `serve` with each connection on which data can be exchanged, and throws an Error for a key
 *   or a certificate that is not valid
 */
export async function listeners(
  tls: EmbeddedMongoTls | undefined,
): Promise<(serve: Serve) => Server> {
  if (!tls) return (serve) => createServer(serve);
  const { createServer: createSecureServer } = await import('node:tls');
  const { key, cert, ca } = tls;
  const clients = ca === undefined ? {} : { ca: pem(ca), requestCert: true };
  return (serve) => createSecureServer({ key: pem(key), cert: pem(cert), ...clients }, serve);
}

function pem(text: string | Uint8Array): string | Buffer {
  return typeof text === 'string' ? text : Buffer.from(text);
}
