import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { DelayedSocket, type Distance } from './delayed-socket.ts';

/** One step of a connection that costs a round trip. */
export interface Step {
  /** The kind of server, and which of its connections, from 1. */
  connection: string;
  /** `TCP`, `TLS`, or the name of what was requested. */
  what: string;
  /** When it reached the server, in milliseconds since the epoch. */
  at: number;
}

interface Options {
  /** The kind of server, such as `mongodb`. */
  kind: string;
  /** The port of the server, which speaks without TLS. */
  port: number;
  certificate: { key: string; cert: string };
  distance: Distance;
  /** Returns the names of the complete requests at the start of `data`, and the number of bytes that they take. */
  requestsIn: (data: Buffer) => { names: string[]; length: number };
  onStep: (step: Step) => void;
}

/** A server on this machine as it is seen from afar: behind TLS, with a delay in each direction. */
export class FarProxy {
  readonly #options: Options;
  readonly #server: Server;
  readonly #context;
  #count = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#context = createSecureContext({ ...options.certificate, minVersion: 'TLSv1.3' });
    this.#server = createServer((socket) => this.#join(socket));
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Accepts no more connections. */
  close(): void {
    this.#server.close();
  }

  /** Starts to count the connections from 1 again. */
  reset(): void {
    this.#count = 0;
  }

  #join(socket: Socket): void {
    const { kind, port, distance, requestsIn, onStep } = this.#options;
    this.#count += 1;
    const connection = `${kind} ${this.#count}`;
    const tell = (what: string, after = 0) =>
      onStep({ connection, what, at: performance.timeOrigin + performance.now() + after });
    // The kernel has accepted the socket at once.
    tell('TCP', distance.oneWay);
    const delayed = new DelayedSocket(socket, distance);
    delayed.once('data', () => tell('TLS'));
    const client = new TLSSocket(delayed, { isServer: true, secureContext: this.#context });
    const server = connect(port, '127.0.0.1').setNoDelay(true);
    const end = () => {
      client.destroy();
      server.destroy();
    };
    for (const each of [client, server]) each.on('error', end).on('close', end);
    server.on('data', (chunk) => client.write(chunk));
    let pending: Buffer = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      server.write(chunk);
      pending = Buffer.concat([pending, chunk]);
      const { names, length } = requestsIn(pending);
      pending = pending.subarray(length);
      for (const name of names) tell(name);
    });
  }
}
