import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the runtime reports about an invocation. */
export interface Report {
  kind: 'response' | 'error';
  body: string;
}

interface Invocation {
  id: string;
  event: string;
  deadline: number;
  report: (report: Report) => void;
}

const PATH = '/2018-06-01/runtime';

/**
 * The Runtime API of Lambda, from which the runtime of one container takes its invocations.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi implements AsyncDisposable {
  readonly #server: Server = createServer(
    (request, response) => void this.#serve(request, response),
  );
  readonly #initialized = Promise.withResolvers<void>();
  readonly #waiting: Invocation[] = [];
  readonly #running = new Map<string, Invocation>();
  #next: ServerResponse | undefined;

  /** Resolves when the function is loaded and asks for its first invocation; rejects when it could not be loaded. */
  readonly initialized: Promise<void> = this.#initialized.promise;

  async listen(): Promise<this> {
    this.initialized.catch(() => {}); // the caller may not wait for it
    // A container keeps its socket, however long it is frozen, also between its connect and its request.
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
    this.#server.headersTimeout = 0;
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** The value of AWS_LAMBDA_RUNTIME_API. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /**
   * Hands an event to the runtime, at once or when it asks for its next invocation.
   *
   * @param timeout the time until Lambda ends the invocation, in milliseconds
   */
  invoke(event: object, timeout: number): Promise<Report> {
    const { promise, resolve } = Promise.withResolvers<Report>();
    this.#waiting.push({
      id: randomUUID(),
      event: JSON.stringify(event),
      deadline: Date.now() + timeout,
      report: resolve,
    });
    this.#hand();
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.replace(PATH, '') ?? '';
    if (path === '/invocation/next') {
      this.#initialized.resolve();
      this.#next = response;
      this.#hand();
      return;
    }
    const body = await text(request).catch(() => '');
    response.writeHead(202).end('{"status":"OK"}');
    if (path === '/init/error') return this.#initialized.reject(new Error(`init failed: ${body}`));
    const [, id = '', kind] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const invocation = this.#running.get(id);
    this.#running.delete(id);
    invocation?.report({ kind: kind as Report['kind'], body });
  }

  #hand(): void {
    const next = this.#next;
    const invocation = next && this.#waiting.shift();
    if (!next || !invocation) return;
    this.#next = undefined;
    this.#running.set(invocation.id, invocation);
    next.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.id,
      'lambda-runtime-deadline-ms': String(invocation.deadline),
      'lambda-runtime-invoked-function-arn':
        'arn:aws:lambda:eu-central-1:123456789012:function:manystore',
      'lambda-runtime-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0',
    });
    next.end(invocation.event);
  }
}
