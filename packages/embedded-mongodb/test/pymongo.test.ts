import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import { selfSigned } from './certificate.ts';
import { withUsers } from './with-users.ts';

const certificate = selfSigned('server');
const { key, cert, certFile: tlsCAFile } = certificate;
const guarded = withUsers([{ user: 'python', pwd: 'pa\u0308ssword', roles: ['root'] }], {
  tls: { key, cert },
});
afterAll(certificate.remove);
const run = promisify(execFile);
const script = fileURLToPath(new URL('pymongo-round-trip.py', import.meta.url));

/** The Python that PYTHON names; else the first that has the driver, as the system's often has. */
async function pythonWithDriver(): Promise<string | undefined> {
  if (process.env.PYTHON) return process.env.PYTHON;
  for (const python of ['python3', '/usr/bin/python3']) {
    const asked = run(python, ['-c', 'import pymongo']);
    if (await asked.then(Boolean, () => false)) return python;
  }
  return undefined;
}

const python = await pythonWithDriver();

describe("Python's driver", () => {
  if (python) {
    test('does its whole round trip, signed in and over TLS', async () => {
      const uri = guarded.uri('python', 'p\u00e4ssword', { tlsCAFile });
      const { stdout } = await run(python, [script, uri, 'pymongo']);
      const checks = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(checks.filter(({ problem }) => problem !== null)).toEqual([]);
      expect(checks.length).toBeGreaterThanOrEqual(14);
    }, 60_000);
  } else {
    // CI names a Python that has it.
    test('is not installed here (Debian: apt-get install python3-pymongo), and PYTHON is not set', () => {
      expect(process.env.PYTHON).toBeUndefined();
    });
  }
});
