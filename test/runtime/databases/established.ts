import { readFileSync } from 'node:fs';

/** How Linux writes the state of an established connection. */
const ESTABLISHED = '01';

/**
 * Returns the number of open connections to a port of 127.0.0.1, as the kernel sees them from the client's end: a proxy
 * that delays everything does not see that a client has closed its end.
 *
 * @param uri a connection string that contains the port
 */
export function establishedTo(uri: string): number {
  const port = Number(new URL(uri).port).toString(16).toUpperCase().padStart(4, '0');
  const [, ...lines] = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n');
  return lines.filter((line) => {
    const [, , remote, state] = line.trim().split(/\s+/);
    return remote?.endsWith(`:${port}`) && state === ESTABLISHED;
  }).length;
}
