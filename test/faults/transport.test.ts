import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { closeConnections, primary } from '#lib/connections.ts';

describe('a connection', () => {
  it('to another machine starts with a TLS handshake', async () => {
    // 127.0.0.2 is this machine as well, but the service treats it as remote.
    const server = createServer().listen(0, '127.0.0.2');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    process.env.PRIMARY_CONN_STR = `mongodb://127.0.0.2:${port}/?serverSelectionTimeoutMS=100`;
    const opening = primary().catch((error: Error) => error);
    const [socket] = (await once(server, 'connection')) as [Socket];
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes[0]).toBe(0x16); // A record of the handshake (RFC 8446, section 5.1).
    socket.destroy();
    server.close();
    expect(await opening).toBeInstanceOf(Error);
    await closeConnections();
  });
});
