import TestRunner from 'jest-runner';

/** The flags of Node that tests in ES modules need. */
const FLAGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

/**
 * Runs the tests without flags on the command line, so that `npx jest` and the test explorers of editors work as they
 * are. Jest passes the flags of its own process on to its workers. A process that was started without them cannot run
 * tests itself, so that even a single file goes to a worker.
 *
 * Files named `*.long.test.ts` run at full length (TEST_LENGTH=full, as in continuous integration), and when the command
 * line names files: `npx jest api-page`.
 *
 * Jest runs the slowest files first, so that all workers end at the same time. In a fresh clone, it knows no times, and takes
 * the largest files for the slowest. There, the long files come first, and then those that wait for faults.
 */
export default class EsModuleRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    const isEverything =
      process.env.TEST_LENGTH === 'full' || this._globalConfig.testPathPatterns.patterns.length > 0;
    const chosen = isEverything ? tests : tests.filter(({ path }) => !path.includes('.long.test.'));
    const ordered = chosen.some(({ duration }) => duration) ? chosen : chosen.toSorted(byKind);
    if (process.execArgv.includes(FLAGS[0])) return super.runTests(ordered, watcher, options);
    process.execArgv.push(...FLAGS);
    return super.runTests(ordered, watcher, { ...options, serial: false });
  }
}

const KINDS = ['.long.test.', '/test/faults/', '/connections/test/'];

/** Compares the kinds of two files; the order of files of the same kind remains. */
const byKind = (a, b) => rankOf(a.path) - rankOf(b.path);

function rankOf(path) {
  const kind = KINDS.findIndex((part) => path.includes(part));
  return kind < 0 ? KINDS.length : kind;
}
