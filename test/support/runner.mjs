import TestRunner from 'jest-runner';

/** The flags of Node that tests in ES modules need. */
const FLAGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

/**
 * Runs the tests without flags on the command line, so that `npx jest` and the test explorers of editors work as they
 * are. Jest passes the flags of its own process on to its workers. A process that was started without them cannot run
 * tests itself, so that even a single file goes to a worker.
 */
export default class EsModuleRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    if (process.execArgv.includes(FLAGS[0])) return super.runTests(tests, watcher, options);
    process.execArgv.push(...FLAGS);
    return super.runTests(tests, watcher, { ...options, serial: false });
  }
}
