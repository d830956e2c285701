/** Replacements for some lines of a library. */
export interface Patch {
  /** The name for error messages when the patch no longer applies. */
  name: string;
  file: RegExp;
  /** Each text to replace, how often it must occur, and its replacement. */
  lines: readonly { text: string; times: number; becomes: string }[];
}

/**
 * Reads random bytes from the kernel. The libraries need them only for ids, and Node's `crypto` module takes as long to
 * load as a query. Secrets and signatures still use `crypto`, and so does this if /dev/urandom cannot be opened.
 */
const RANDOM = `((bytes) => {
  const { openSync, readSync, closeSync } = require('fs');
  let kernel;
  try { kernel = openSync('/dev/urandom'); } catch { return crypto.getRandomValues(bytes); }
  try { readSync(kernel, bytes); } finally { closeSync(kernel); }
  return bytes;
})`;

/** The same clock as `performance.now()`, from another origin. Node loads `perf_hooks` when `performance` is first read. */
const NOW = '(([s, ns]) => s * 1e3 + ns / 1e6)(process.hrtime())';
/** The driver only subtracts such times from one another. */
const byHrtime = (times: number) => ({ text: 'performance.now()', times, becomes: NOW });

export const patches: readonly Patch[] = [
  {
    name: 'bson',
    file: /[\\/]bson[\\/]lib[\\/]bson\.cjs$/,
    lines: [
      {
        // Reading `globalThis.crypto` loads Node's `crypto` module. The check is unnecessary, because Node has it.
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
        // Loads `node:v8`, and with it Node's streams, to check for a startup snapshot, which is never used here.
        text: "globalThis?.process?.getBuiltinModule?.('v8') ?? {}",
        times: 1,
        becomes: '{}',
      },
    ],
  },
  {
    name: "mongodb's find operation",
    file: /[\\/]mongodb[\\/]lib[\\/]operations[\\/]find\.js$/,
    lines: [
      {
        // `delete` switches an object to V8's slow dictionary mode, and each find copies this object several times: it
        // is the slowest part of a find. It happens only if the connection has a write concern, as with Atlas.
        text: 'this.options = { ...options };\n        delete this.options.writeConcern;',
        times: 1,
        becomes: 'const { writeConcern, ...others } = options;\n        this.options = others;',
      },
    ],
  },
  {
    name: "mongodb's timeouts",
    file: /[\\/]mongodb[\\/]lib[\\/]timeout\.js$/,
    lines: [byHrtime(8)],
  },
  {
    name: "mongodb's connect",
    file: /[\\/]mongodb[\\/]lib[\\/]cmap[\\/]connect\.js$/,
    lines: [byHrtime(4)],
  },
  {
    name: "mongodb's container detection, session ids and clock",
    file: /[\\/]mongodb[\\/]lib[\\/]utils\.js$/,
    lines: [
      byHrtime(1),
      {
        text: 'const result = crypto.getRandomValues(new Uint8Array(16));',
        times: 1,
        becomes: `const result = ${RANDOM}(new Uint8Array(16));`,
      },
      {
        // For the nonce of a sign-in. `globalThis.crypto` loads the Web Crypto API: see below.
        text: 'crypto.getRandomValues(new Uint8Array(size))',
        times: 1,
        becomes: "new Uint8Array(require('crypto').randomBytes(size))",
      },
      {
        // Each client checks once for Docker's file, and nothing else loads `fs/promises`.
        text: 'await fs_1.promises.access(fileName, mode);',
        times: 1,
        becomes:
          'await new Promise((done, fail) => fs_1.access(fileName, mode, (error) => (error ? fail(error) : done())));',
      },
    ],
  },
  {
    name: "mongodb's password authentication",
    file: /[\\/]mongodb[\\/]lib[\\/]cmap[\\/]auth[\\/]scram\.js$/,
    lines: [
      {
        // SASLprep (RFC 4013) does not change printable ASCII, so only other passwords need its Unicode tables.
        text: '(0, saslprep_1.saslprep)(password)',
        times: 1,
        becomes: '(/^[ -~]+$/.test(password) ? password : (0, saslprep_1.saslprep)(password))',
      },
      // The functions of Node's `crypto`, which is loaded for the secrets anyway, return the same bytes as those of the Web
      // Crypto API. Loading and calling that API costs twice the processor time of the 15,000 hashes themselves.
      {
        text: "const buffer = await crypto.subtle.digest(method === 'sha256' ? 'SHA-256' : 'SHA-1', text);",
        times: 1,
        becomes: "const buffer = require('crypto').createHash(method).update(text).digest();",
      },
      {
        text: "const cryptoKey = await crypto.subtle.importKey('raw', keyBuffer, { name: 'HMAC', hash: { name: method === 'sha256' ? 'SHA-256' : 'SHA-1' } }, false, ['sign', 'verify']);",
        times: 1,
        becomes: '',
      },
      {
        text: "const signature = await crypto.subtle.sign('HMAC', cryptoKey, textBuffer);",
        times: 1,
        becomes:
          "const signature = require('crypto').createHmac(method, keyBuffer).update(textBuffer).digest();",
      },
      {
        text: "const keyMaterial = await crypto.subtle.importKey('raw', new TextEncoder().encode(data), { name: 'PBKDF2' }, false, ['deriveBits']);",
        times: 1,
        becomes: '',
      },
      {
        text: 'const derivedBits = await crypto.subtle.deriveBits(params, keyMaterial, hiLengthMap[cryptoMethod] * 8);',
        times: 1,
        becomes: `const derivedBits = await new Promise((done, fail) =>
          require('crypto').pbkdf2(data, salt, iterations, hiLengthMap[cryptoMethod], cryptoMethod,
            (error, key) => (error ? fail(error) : done(key))));`,
      },
    ],
  },
];

/**
 * Returns the source of a library with the patch applied.
 *
 * @throws {Error} if the source does not contain the lines to replace
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
