import { deserialize } from 'bson';

const OP_MSG = 2013;
/** The offset after the header (16 bytes), the flags (4) and the kind of the section (1). */
const FIRST_SECTION = 21;

/** The requests at the start of some data, and the number of bytes that they take. */
interface Requests {
  names: string[];
  length: number;
}

/** Reads the commands of MongoDB's wire protocol. A hello that also begins to sign in is named `hello, saslStart`. */
export function commandsIn(data: Buffer): Requests {
  const names: string[] = [];
  let length = 0;
  for (;;) {
    const rest = data.subarray(length);
    if (rest.length < 4 || rest.length < rest.readInt32LE(0)) return { names, length };
    const message = rest.subarray(0, rest.readInt32LE(0));
    length += message.length;
    names.push(commandIn(message));
  }
}

function commandIn(message: Buffer): string {
  // The driver's first hello on a socket is an OP_QUERY, the older kind of message.
  if (message.readInt32LE(12) !== OP_MSG)
    return message.includes('speculativeAuthenticate') ? 'hello, saslStart' : 'hello';
  const section = message.subarray(FIRST_SECTION);
  const body = deserialize(section.subarray(0, section.readInt32LE(0)), { promoteBuffers: true });
  return Object.keys(body)[0] ?? '';
}

/** Reads the requests of Parameter Store's API, which are HTTP with an action in a header, and a body. */
export function actionsIn(data: Buffer): Requests {
  const names: string[] = [];
  let length = 0;
  for (;;) {
    const [, head] = /^([\s\S]*?\r\n\r\n)/.exec(data.toString('latin1', length)) ?? [];
    if (head === undefined) return { names, length };
    const total = head.length + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (data.length - length < total) return { names, length };
    length += total;
    names.push(/^x-amz-target: AmazonSSM\.(\w+)/im.exec(head)?.[1] ?? 'HTTP');
  }
}
