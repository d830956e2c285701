import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** @throws {Error} when another process listens on `port` */
export async function requireFree(port: number): Promise<void> {
  try {
    await listenOn(port);
  } catch {
    throw new Error(`Port ${port} is already in use. Set PORT to a different one`);
  }
}

/** Returns `wanted` if it is free, otherwise another port. */
export const freePort = (wanted: number): Promise<number> =>
  listenOn(wanted).catch(() => listenOn(0));

/** Listens briefly, and returns the port. */
async function listenOn(port: number): Promise<number> {
  const server = createServer().listen(port, 'localhost');
  await once(server, 'listening');
  const { port: listened } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return listened;
}
