/** Some lines of a library, written another way. */
export interface Patch {
  /** What to call it when it does not fit any more. */
  name: string;
  file: RegExp;
  /** How often each text is there, and what comes in its place. */
  lines: readonly { text: string; times: number; becomes: string }[];
}

/**
 * Random bytes from the kernel. The libraries want them for ids, and to have Node's own, all of its cryptography is
 * loaded: that takes as long as a query. Secrets and signatures go on using that, and so does this without such a file.
 */
const RANDOM = `((bytes) => {
  const { openSync, readSync, closeSync } = require('fs');
  let kernel;
  try { kernel = openSync('/dev/urandom'); } catch { return crypto.getRandomValues(bytes); }
  try { readSync(kernel, bytes); } finally { closeSync(kernel); }
  return bytes;
})`;

export const patches: readonly Patch[] = [
  {
    name: 'bson',
    file: /[\\/]bson[\\/]lib[\\/]bson\.cjs$/,
    lines: [
      {
        // Looking at `globalThis.crypto` loads all of Node's cryptography. Node has it: that need not be asked.
        text: "const { crypto } = globalThis;\n    if (crypto != null && typeof crypto.getRandomValues === 'function') {",
        times: 2,
        becomes: 'if (true) {',
      },
      {
        text: 'return crypto.getRandomValues(nodeJsByteUtils.allocate(byteLength));',
        times: 1,
        becomes: `return ${RANDOM}(nodeJsByteUtils.allocate(byteLength));`,
      },
      {
        // Asks `node:v8`, which loads Node's streams for heap snapshots, whether this is a startup snapshot: it never is.
        text: "globalThis?.process?.getBuiltinModule?.('v8') ?? {}",
        times: 1,
        becomes: '{}',
      },
    ],
  },
  {
    name: "mongodb's finds",
    file: /[\\/]mongodb[\\/]lib[\\/]operations[\\/]find\.js$/,
    lines: [
      {
        // `delete` makes a dictionary of an object, and each find copies this one several times: it is the slowest
        // thing that it does. It only happens where the connection has a write concern, as in Atlas' strings.
        text: 'this.options = { ...options };\n        delete this.options.writeConcern;',
        times: 1,
        becomes: 'const { writeConcern, ...others } = options;\n        this.options = others;',
      },
    ],
  },
  {
    name: "mongodb's look for a container, and its ids of sessions",
    file: /[\\/]mongodb[\\/]lib[\\/]utils\.js$/,
    lines: [
      {
        text: 'const result = crypto.getRandomValues(new Uint8Array(16));',
        times: 1,
        becomes: `const result = ${RANDOM}(new Uint8Array(16));`,
      },
      {
        // Each client looks once for Docker's file, and for that alone Node loads all of its `fs/promises`.
        text: 'await fs_1.promises.access(fileName, mode);',
        times: 1,
        becomes:
          'await new Promise((done, fail) => fs_1.access(fileName, mode, (error) => (error ? fail(error) : done())));',
      },
    ],
  },
  {
    name: "mongodb's sign-in with a password",
    file: /[\\/]mongodb[\\/]lib[\\/]cmap[\\/]auth[\\/]scram\.js$/,
    lines: [
      {
        // SASLprep (RFC 4013) leaves printable ASCII as it is: so its tables of Unicode are for other passwords.
        text: '(0, saslprep_1.saslprep)(password)',
        times: 1,
        becomes: '(/^[ -~]+$/.test(password) ? password : (0, saslprep_1.saslprep)(password))',
      },
    ],
  },
];

/**
 * The source of a library with the patch in it.
 *
 * @throws {Error} when the library is not as the patch knows it
 */
export function patched({ name, lines }: Patch, source: string): string {
  let result = source;
  for (const { text, times, becomes } of lines) {
    const parts = result.split(text);
    if (parts.length - 1 !== times)
      throw new Error(
        `Cannot patch ${name}: expected ${times} occurrences, found ${parts.length - 1}: ${text}`,
      );
    result = parts.join(becomes);
  }
  return result;
}
