/*
 * Tells on the file descriptor 3 whether V8 takes the code cache with which a function's file compiles its bundle.
 * usage: node code-cache.cjs FILE
 */
const { writeSync } = require('node:fs');
const vm = require('node:vm');

let state = 'none';
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    if (options?.cachedData) state = this.cachedDataRejected ? 'rejected' : 'accepted';
  }
};
require(process.argv[2]);
writeSync(3, JSON.stringify({ state }));
process.exit(0);
