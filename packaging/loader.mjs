/*
 * The file that Lambda loads for a function. It runs the function's bundle with the code cache that V8 created when the
 * function was packaged, because compiling is the largest part of a cold start. V8 accepts a code cache only from the
 * same V8 version, flags and processor architecture. Otherwise V8 rejects it and compiles the bundle.
 *
 * It is an ES module because Lambda waits for its top-level `await`: the container connects before its first request. See
 * docs/cold-start.md.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
// An import of node:fs would read all of its exports, and some of them load other modules when they are read.
const { closeSync, openSync, readSync, statSync } = require('node:fs');
const { Script } = require('node:vm');

const bundle = import.meta.filename.replace(/mjs$/, 'bundle.js');
/** There is none if the function was packaged on another processor architecture. */
const codeCache = import.meta.filename.replace(/mjs$/, 'bundle.v8');

const [bundleSize, cacheSize] = [bundle, codeCache].map(
  (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
);

// One buffer for both files, one after the other: using new memory takes longer than reading into it.
const buffer = Buffer.allocUnsafeSlow(Math.max(bundleSize, cacheSize));

/** Returns the contents of a file, which are valid until the next call. */
function contentsOf(path, size) {
  const file = openSync(path);
  const bytes = readSync(file, buffer, 0, size);
  closeSync(file);
  if (bytes < size) throw new Error(`${path} was not read completely`);
  return buffer.subarray(0, size);
}

// The bundle is ASCII only, and latin1 is the fastest encoding for that.
const script = new Script(contentsOf(bundle, bundleSize).toString('latin1'), {
  filename: bundle,
  cachedData: cacheSize > 0 ? contentsOf(codeCache, cacheSize) : undefined,
});
// The log reports this; see lib/runtime/code-cache.ts.
globalThis[Symbol.for('manystore.codeCache')] =
  script.cachedDataRejected === false ? 'used' : 'rejected';

const module = { exports: {} };
script.runInThisContext()(module, module.exports, require);
export const { handler } = module.exports;
await handler.ready;
