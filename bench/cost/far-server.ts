import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { DelayedSocket } from '../far/delayed-socket.ts';

/** How long each packet travels in each direction, in milliseconds: a cluster in the same region. */
export const TRAVEL_MS = 1;

/** A server that is reached over a slower network. */
export interface FarServer extends Disposable {
  uri: string;
}

/** Starts a proxy in front of a server that delays all data by {@link TRAVEL_MS}. */
export async function moveAway(uri: string): Promise<FarServer> {
  const { hostname, port } = new URL(uri);
  const open = new Set<DelayedSocket>();
  const proxy = createServer((socket) => {
    const near = new DelayedSocket(socket, { oneWay: TRAVEL_MS });
    open.add(near);
    // A connection that breaks ends on both sides.
    pipeline(near, connect(Number(port), hostname).setNoDelay(true), near, () => open.delete(near));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const moved = new URL(uri);
  moved.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return {
    uri: moved.href,
    [Symbol.dispose]() {
      proxy.close();
      for (const socket of open) socket.destroy();
    },
  };
}
