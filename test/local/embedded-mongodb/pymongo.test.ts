import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { withServer } from './with-server.ts';

const fixture = withServer();
const run = promisify(execFile);
const script = 'test/support/pymongo-round-trip.py';

/** The first Python that has the driver: a version manager's often has not, and the system's has. */
async function pythonWithDriver(): Promise<string | undefined> {
  for (const python of [process.env.PYTHON, 'python3', '/usr/bin/python3']) {
    if (!python) continue;
    const asked = run(python, ['-c', 'import pymongo']);
    if (await asked.then(Boolean, () => false)) return python;
  }
  return undefined;
}

const python = await pythonWithDriver();

describe("Python's driver", () => {
  if (python) {
    test('does its whole round trip', async () => {
      const { stdout } = await run(python, [script, fixture.server.uri, 'pymongo']);
      const checks = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(checks.filter(({ problem }) => problem !== null)).toEqual([]);
      expect(checks.length).toBeGreaterThanOrEqual(14);
    }, 60_000);
  } else {
    test('is not installed here (apt-get install python3-pymongo), which only CI may not accept', () => {
      expect(process.env.CI ?? 'false').not.toBe('true');
    });
  }
});
