'use strict';
/*
 * The file that Lambda loads for a function. It runs the function's bundle with the code cache that V8 created when the
 * function was packaged, because compiling is the largest part of a cold start. V8 accepts a code cache only from the
 * same V8 version, flags and processor architecture. Otherwise V8 rejects it and compiles the bundle.
 */
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

const bundle = __filename.replace(/cjs$/, 'bundle.js');

/** Returns the code cache, or undefined if the function was packaged on another processor architecture. */
function codeCache() {
  try {
    return readFileSync(__filename.replace(/cjs$/, 'bundle.v8'));
  } catch {
    return undefined;
  }
}

// The bundle is ASCII only, and latin1 is the fastest encoding for that.
const script = new Script(readFileSync(bundle, 'latin1'), {
  filename: bundle,
  cachedData: codeCache(),
});
// The log reports this; see lib/runtime/code-cache.ts.
globalThis[Symbol.for('manystore.codeCache')] =
  script.cachedDataRejected === false ? 'used' : 'rejected';

script.runInThisContext()(module, exports, require);
