import type { Socket } from 'node:net';
import { Command } from './command.ts';
import type { ConnectionState, Reply } from './command-types.ts';
import { awaitsChange, topologyVersionOf } from './commands/hello.ts';
import { dispatch } from './dispatch.ts';
import type { ServerState } from './state.ts';
import { encodeAnswer, type Message, MessageSplitter, parseMessage } from './wire.ts';

/** Resolves immediately, or at the thaw while the server is frozen. */
export type Gate = () => Promise<void>;

/**
 * Serves one client connection: reads its messages and answers them in order.
 *
 * @param socket the socket of the client. It is destroyed if it receives bytes that violate the wire protocol
 * @param state the state of the server
 * @param gate awaited before a command runs and before a response is sent
 */
export function serve(socket: Socket, state: ServerState, gate: Gate): void {
  const closing = new AbortController();
  const connection: ConnectionState = {
    id: state.totalConnections,
    appName: undefined,
    user: undefined,
    conversation: undefined,
    closed: closing.signal,
  };
  const splitter = new MessageSplitter();
  let nextRequestId = 1;
  let queue = Promise.resolve();

  async function send(message: Message, document: Reply, more: boolean, responseTo: number) {
    await gate();
    const requestId = nextRequestId++;
    const { legacy } = message;
    if (!socket.destroyed) {
      socket.write(encodeAnswer({ requestId, responseTo, document, legacy, moreToCome: more }));
    }
    return requestId;
  }

  /** Sends further responses to a monitor's hello, each time the topology changes or `maxAwaitTimeMS` passes. */
  async function stream(message: Message, command: Command, firstReply: Reply): Promise<void> {
    let responseTo = await send(message, firstReply, true, message.requestId);
    while (!socket.destroyed) {
      command.body.set('topologyVersion', topologyVersionOf(state));
      const reply = await dispatch(new Command(message, state, connection));
      const more = reply.ok === 1;
      responseTo = await send(message, reply, more, responseTo);
      if (!more) return;
    }
  }

  async function answer(bytes: Buffer): Promise<void> {
    await gate();
    // A stopped server opens the gate too. Do not run the commands that waited there.
    if (socket.destroyed) return;
    const message = parseMessage(bytes);
    const command = new Command(message, state, connection);
    const reply = await dispatch(command);
    if (message.unacknowledged) return;
    if (message.exhaustAllowed && awaitsChange(command) && reply.ok === 1) {
      await stream(message, command, reply);
    } else {
      await send(message, reply, false, message.requestId);
    }
  }

  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const bytes of splitter.push(chunk)) {
        queue = queue.then(() => answer(bytes)).catch(() => void socket.destroy());
      }
    } catch {
      socket.destroy();
    }
  });
  // Without a listener for `error`, a connection reset would crash the process.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => closing.abort());
}
