import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How long each packet travels in each direction, in milliseconds: a cluster in the same region. */
export const TRAVEL_MS = 1;

/** A server that is reached over a slower network. */
export interface FarServer extends Disposable {
  uri: string;
}

/** Starts a proxy in front of a server that delays all data by {@link TRAVEL_MS}. */
export async function moveAway(uri: string): Promise<FarServer> {
  const { hostname, port } = new URL(uri);
  const sockets = new Set<Socket>();
  const late = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (bytes) => setTimeout(() => to.write(bytes), TRAVEL_MS));
    from.on('close', () => {
      sockets.delete(from);
      setTimeout(() => to.destroy(), TRAVEL_MS);
    });
    from.on('error', () => from.destroy());
  };
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname);
    late(near, far);
    late(far, near);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const moved = new URL(uri);
  moved.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return {
    uri: moved.href,
    [Symbol.dispose]() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
