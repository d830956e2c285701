import type { Socket } from 'node:net';
import { Command } from './command.ts';
import type { ConnectionState, Reply } from './command-types.ts';
import { awaitsChange, topologyVersionOf } from './commands/hello.ts';
import { dispatch } from './dispatch.ts';
import type { ServerState } from './state.ts';
import { encodeAnswer, type Message, MessageSplitter, parseMessage } from './wire.ts';

/** Closed while the server is frozen; whoever passes waits for the thaw. */
export type Gate = () => Promise<void>;

/**
 * Serves one client: reads its messages and answers them in their order.
 *
 * @param socket the client's; destroyed as soon as it sends what is not the protocol
 * @param state the server's
 * @param gate awaited before a command runs and before an answer leaves
 */
export function serve(socket: Socket, state: ServerState, gate: Gate): void {
  const closing = new AbortController();
  const connection: ConnectionState = {
    id: state.totalConnections,
    appName: undefined,
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

  /** A monitor's hello is answered again and again, whenever something changed or time is up. */
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
    // A stopped server opens the gate too: what waited there died with it.
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
  // Without a listener, a reset connection would end the process.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => closing.abort());
}
