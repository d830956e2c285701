import { readExact } from './bson/read.ts';
import type { BsonDocument } from './bson/values.ts';
import { write } from './bson/write.ts';
import { crc32c } from './checksum.ts';

const opReply = 1;
const opQuery = 2004;
const opMessage = 2013;

const headerSize = 16;
const largestMessage = 48_000_000;

const checksumPresent = 1 << 0;
const moreToCome = 1 << 1;
const exhaustAllowed = 1 << 16;
/** The low 16 bits of the flags are required: a server must reject a message with an unknown one. */
const requiredFlags = 0xffff;

/** Thrown for bytes that violate the wire protocol. The connection cannot be used any further. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** A decoded message of a client. */
export interface Message {
  readonly requestId: number;
  readonly body: BsonDocument;
  /** The document sequences (OP_MSG sections of kind 1), by field name. */
  readonly sequences: ReadonlyMap<string, Buffer[]>;
  /** Whether the client expects no response. */
  readonly unacknowledged: boolean;
  /** Whether the client accepts several responses to this message. */
  readonly exhaustAllowed: boolean;
  /** Whether it is an OP_QUERY, to be answered with OP_REPLY. */
  readonly legacy: boolean;
}

/** Reassembles the chunks of a stream into messages. */
export class MessageSplitter {
  #chunks: Buffer[] = [];
  #size = 0;

  /**
   * @param chunk bytes from the socket
   * @returns the messages that this chunk completes
   * @throws MalformedMessage for an invalid message length
   */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const messages: Buffer[] = [];
    for (;;) {
      const needed = this.#nextLength();
      if (needed === undefined || this.#size < needed) return messages;
      const joined = this.#joined();
      messages.push(joined.subarray(0, needed));
      this.#chunks = needed < joined.length ? [joined.subarray(needed)] : [];
      this.#size -= needed;
    }
  }

  #nextLength(): number | undefined {
    if (this.#size < 4) return undefined;
    const [first] = this.#chunks;
    const start = first && first.length >= 4 ? first : this.#joined();
    const length = start.readInt32LE(0);
    if (length < headerSize || length > largestMessage) {
      throw new MalformedMessage(`message length ${length}`);
    }
    return length;
  }

  #joined(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }
}

/**
 * Decodes a message.
 *
 * @param bytes one complete message
 * @throws MalformedMessage, MalformedBson or RangeError for bytes that violate the protocol
 */
export function parseMessage(bytes: Buffer): Message {
  const requestId = bytes.readInt32LE(4);
  const opCode = bytes.readInt32LE(12);
  if (opCode === opMessage) return parseOpMessage(requestId, bytes);
  if (opCode === opQuery) return parseOpQuery(requestId, bytes);
  throw new MalformedMessage(`opcode ${opCode}`);
}

function parseOpMessage(requestId: number, bytes: Buffer): Message {
  const flags = bytes.readUInt32LE(headerSize);
  if (flags & requiredFlags & ~(checksumPresent | moreToCome)) {
    throw new MalformedMessage(`flags ${flags}`);
  }
  const end = bytes.length - (flags & checksumPresent ? 4 : 0);
  if (flags & checksumPresent && crc32c(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) {
    throw new MalformedMessage('wrong checksum');
  }
  const sequences = new Map<string, Buffer[]>();
  let body: BsonDocument | undefined;
  let at = headerSize + 4;
  while (at < end) {
    const kind = bytes[at];
    const size = bytes.readInt32LE(at + 1);
    const section = bytes.subarray(at + 1, at + 1 + size);
    if (size < 5 || at + 1 + size > end) throw new MalformedMessage(`section of ${size} bytes`);
    if (kind === 0 && body === undefined) body = readExact(section);
    else if (kind === 1) readSequence(section, sequences);
    else throw new MalformedMessage(`section kind ${kind}`);
    at += 1 + size;
  }
  if (!body) throw new MalformedMessage('no body');
  return {
    requestId,
    body,
    sequences,
    unacknowledged: (flags & moreToCome) !== 0,
    exhaustAllowed: (flags & exhaustAllowed) !== 0,
    legacy: false,
  };
}

function readSequence(section: Buffer, sequences: Map<string, Buffer[]>): void {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw new MalformedMessage('unnamed sequence');
  const documents: Buffer[] = [];
  let at = nameEnd + 1;
  while (at < section.length) {
    const size = section.readInt32LE(at);
    if (size < 5 || at + size > section.length) {
      throw new MalformedMessage(`sequence document of ${size} bytes`);
    }
    documents.push(section.subarray(at, at + size));
    at += size;
  }
  const name = section.toString('utf8', 4, nameEnd);
  if (sequences.has(name)) throw new MalformedMessage(`sequence ${name} twice`);
  sequences.set(name, documents);
}

/** Decodes an OP_QUERY on `admin.$cmd`, which drivers use for the first hello on a connection. */
function parseOpQuery(requestId: number, bytes: Buffer): Message {
  const nameEnd = bytes.indexOf(0, headerSize + 4);
  const start = nameEnd + 9;
  if (nameEnd < 0 || bytes.length < start + 5) throw new MalformedMessage('short query');
  const namespace = bytes.toString('utf8', headerSize + 4, nameEnd);
  const size = bytes.readInt32LE(start);
  const body = readExact(bytes.subarray(start, start + size));
  const command = body.get('$query');
  const commands = command instanceof Map ? command : body;
  if (!commands.has('$db')) commands.set('$db', namespace.replace(/\.\$cmd$/, ''));
  return {
    requestId,
    body: commands,
    sequences: new Map(),
    unacknowledged: false,
    exhaustAllowed: false,
    legacy: true,
  };
}

/** A response and its message header. */
export interface Answer {
  readonly requestId: number;
  readonly responseTo: number;
  readonly document: ReadonlyMap<string, unknown> | object;
  readonly legacy: boolean;
  /** Whether further responses to the same request follow. */
  readonly moreToCome: boolean;
}

/** Encodes a response as a message. */
export function encodeAnswer(answer: Answer): Buffer {
  const body = write(answer.document);
  const prefix = Buffer.alloc(headerSize + (answer.legacy ? 20 : 5));
  prefix.writeInt32LE(prefix.length + body.length, 0);
  prefix.writeInt32LE(answer.requestId, 4);
  prefix.writeInt32LE(answer.responseTo, 8);
  prefix.writeInt32LE(answer.legacy ? opReply : opMessage, 12);
  if (answer.legacy) prefix.writeInt32LE(1, headerSize + 16);
  else prefix.writeUInt32LE(answer.moreToCome ? moreToCome : 0, headerSize);
  return Buffer.concat([prefix, body]);
}
