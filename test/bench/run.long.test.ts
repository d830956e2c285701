import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { FROM_SOURCE } from '../../local/from-source.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `npm run bench` with some arguments. The exit code may be 1, since a figure may miss its bound here. */
const bench = (...args: string[]): Promise<Run> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...FROM_SOURCE, 'bench/run.ts', ...args],
      { cwd: root },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

describe('npm run bench', () => {
  it('prints every figure of a part as JSON, and nothing else', async () => {
    const { stdout } = await bench('stores', '--rounds', '1', '--json');
    const { rounds, figures } = JSON.parse(stdout);
    expect(rounds).toBe(1);
    for (const figure of figures) {
      expect(figure).toMatchObject({ part: 'stores', peer: expect.any(String) });
      expect(figure.value).toBeCloseTo(figure.ours / figure.theirs);
      expect(figure.holds).toBe(figure.atMost === null ? null : figure.value <= figure.atMost);
    }
    const promised = figures.filter(({ atMost }: { atMost: number | null }) => atMost !== null);
    expect(promised.map(({ name }: { name: string }) => name)).toEqual([
      'heap of a store handle, model included',
      'first switch to a store',
      'warm switch to a store',
      '10000 stores visited once each, limit 500: heap kept',
      '10000 stores visited once each: sockets on the server',
    ]);
  }, 120_000);

  it('packages the functions that a part measures', async () => {
    const { stdout } = await bench('tracing', '--rounds', '1', '--json');
    const figures: { ours: number; theirs: number }[] = JSON.parse(stdout).figures;
    expect(figures).toHaveLength(3);
    for (const { ours, theirs } of figures) expect(Math.min(ours, theirs)).toBeGreaterThan(0);
  }, 120_000);

  it('refuses a part that there is not, and names those that there are', async () => {
    const { code, stdout, stderr } = await bench('lukewarm');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('Unknown part lukewarm');
    expect(stderr).toContain('cold, warm, stores, bulk, embedded, mirror');
  });

  it('rejects an invalid number of rounds', async () => {
    const { code, stderr } = await bench('stores', '--rounds', 'many');
    expect(code).toBe(1);
    expect(stderr).toContain('--rounds');
  });
});
