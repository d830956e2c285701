import { EventEmitter, once } from 'node:events';

type Json = ReturnType<typeof JSON.parse>;

/** A session with the inspector of a process or of a worker thread: the Chrome DevTools Protocol. */
export class Inspector extends EventEmitter {
  readonly #post: (message: string) => void;
  readonly #answers = new Map<number, PromiseWithResolvers<Json>>();

  constructor(post: (message: string) => void) {
    super({ captureRejections: true });
    // Each worker thread of a process adds a listener.
    this.setMaxListeners(0);
    this.#post = post;
  }

  /** Calls a method of the protocol and returns its result. */
  send(method: string, params: object = {}): Promise<Json> {
    const id = this.#answers.size;
    const answer = Promise.withResolvers<Json>();
    this.#answers.set(id, answer);
    this.#post(JSON.stringify({ id, method, params }));
    return answer.promise;
  }

  /** Takes a message of the inspector: a result, or an event that is emitted by its name. */
  receive(message: string): void {
    const { id, result, error, method, params } = JSON.parse(message);
    if (method) this.emit(method, params);
    else if (error) this.#answers.get(id)?.reject(new Error(error.message));
    else this.#answers.get(id)?.resolve(result);
  }

  /** Calls `inspect` with the session of each worker thread, and lets the thread start afterwards. */
  async eachWorker(inspect: (worker: Inspector) => Promise<void>): Promise<void> {
    this.on('NodeWorker.attachedToWorker', async ({ sessionId }) => {
      const worker = new Inspector((message) =>
        this.send('NodeWorker.sendMessageToWorker', { sessionId, message }),
      );
      this.on('NodeWorker.receivedMessageFromWorker', ({ message, sessionId: from }) => {
        if (from === sessionId) worker.receive(message);
      });
      await inspect(worker);
      await worker.send('Runtime.runIfWaitingForDebugger');
    });
    await this.send('NodeWorker.enable', { waitForDebuggerOnStart: true });
  }
}

/** Opens a session with the inspector that listens on `url`. */
export async function openInspector(url: string): Promise<Inspector & AsyncDisposable> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const inspector = new Inspector((message) => socket.send(message));
  socket.addEventListener('message', ({ data }) => inspector.receive(String(data)));
  return Object.assign(inspector, {
    [Symbol.asyncDispose]: async () => {
      if (socket.readyState === WebSocket.CLOSED) return;
      socket.close();
      await once(socket, 'close');
    },
  });
}
