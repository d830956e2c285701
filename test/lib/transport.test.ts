import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';

const { transportOf } = await import('../../lib/transport.ts');

describe('a connection', () => {
  it.each([
    'mongodb://localhost:27017/manystore',
    'mongodb://127.0.0.1/?replicaSet=rs',
    'mongodb://user:p%40ss@localhost,127.0.0.1:27018,[::1]:27019/manystore',
  ])('to this machine goes as it is: %s', (uri) => {
    expect(transportOf(uri)).toEqual({});
  });

  it.each([
    'mongodb://db.example/manystore',
    'mongodb+srv://user:pass@cluster.example/',
    'mongodb://localhost:27017,db.example:27017/',
    'mongodb://localhost@db.example/',
    'mongodb://localhost.example/',
  ])('to another goes by TLS: %s', (uri) => {
    expect(transportOf(uri)).toEqual({ tls: true });
  });

  it.each([
    'tls=false',
    'ssl=false',
    'tlsInsecure=true',
    'tlsAllowInvalidCertificates=true',
    'tlsAllowInvalidHostnames=true',
    'retryWrites=true&TLS=FALSE',
  ])('to another cannot switch that off: %s', (option) => {
    const uri = `mongodb://user:s3cret@db.example/?${option}`;
    expect(() => transportOf(uri)).toThrow(/must not switch TLS off/);
    expect(() => transportOf(uri)).not.toThrow(/s3cret/);
  });

  it('to another begins with the handshake of TLS', async () => {
    // 127.0.0.2 is this machine as well, but the service cannot know.
    const server = createServer().listen(0, '127.0.0.2');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    process.env.PRIMARY_CONN_STR = `mongodb://127.0.0.2:${port}/?serverSelectionTimeoutMS=100`;
    const { primary, closeConnections } = await import('../../lib/connections.ts');
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
