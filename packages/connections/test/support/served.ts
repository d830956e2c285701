import { afterAll, afterEach } from '@jest/globals';
import { type EmbeddedMongo, startEmbeddedMongo } from '@manystore/embedded-mongodb';
import mongoose from 'mongoose';
import {
  type ConnectionSource,
  type ManagedConnection,
  manageConnection,
} from '../../src/index.ts';
import { WireProxy } from './wire-proxy.ts';

/** A server, and the proxy in front of it. */
export interface Served {
  server: EmbeddedMongo;
  proxy: WireProxy;
}

const managed: ManagedConnection[] = [];

/** Starts a server behind a proxy for the tests of this file. Restores both after each test. */
export async function serve(): Promise<Served> {
  const server = await startEmbeddedMongo();
  const proxy = await new WireProxy(server.uri).listen();
  afterEach(async () => {
    server.thaw();
    proxy.decide = () => 'pass';
    await proxy.shut();
    await proxy.listen();
    await Promise.all(managed.splice(0).map((connection) => connection.close()));
  });
  afterAll(async () => {
    await proxy.shut();
    await server.stop();
  });
  return { server, proxy };
}

/** Manages a connection to `uri` that is closed after the test. */
export function manage(uri: string, options: Partial<ConnectionSource> = {}): ManagedConnection {
  const connection = manageConnection({
    connection: () => mongoose.createConnection(),
    connect: (opened) => opened.openUri(uri),
    ...options,
  });
  managed.push(connection);
  return connection;
}
