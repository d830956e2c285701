'use strict';
/*
 * What Lambda loads as a function. It runs the bundle beside it with the code that V8 has compiled of that
 * when it was packaged: of all that a cold start costs, compiling is the largest part. V8 takes such code only
 * where it is the same V8, with the same flags, on the same kind of processor. If it is not, V8 compiles the
 * bundle as ever.
 */
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

const bundle = __filename.replace(/cjs$/, 'bundle.js');

/** The compiled code; none where the function was packaged for another kind of processor. */
function compiled() {
  try {
    return readFileSync(__filename.replace(/cjs$/, 'bundle.v8'));
  } catch {
    return undefined;
  }
}

// The bundle is all ASCII: this is the quickest way to read that.
const script = new Script(readFileSync(bundle, 'latin1'), {
  filename: bundle,
  cachedData: compiled(),
});
// For the log: see lib/runtime/code-cache.ts.
globalThis[Symbol.for('manystore.codeCache')] =
  script.cachedDataRejected === false ? 'used' : 'rejected';

script.runInThisContext()(module, exports, require);
