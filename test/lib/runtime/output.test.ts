import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { LOG_CLOSED } from '#lib/runtime/output.ts';
import { FROM_SOURCE } from '../../../local/from-source.ts';

const script = fileURLToPath(new URL('../../support/log-lines.ts', import.meta.url));
const LINES = 5_000;

/** Starts a process that writes `LINES` lines of its log, and as many metrics, to a pipe. */
function writeLog() {
  const env = {
    ...process.env,
    POWERTOOLS_LOG_LEVEL: 'INFO',
    POWERTOOLS_METRICS_DISABLED: 'false',
  };
  const child = spawn(process.execPath, [...FROM_SOURCE, script, String(LINES)], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  return child as ChildProcess & { stdout: Readable; stderr: Readable };
}

it('buffers a megabyte for a pipe that nobody reads, and then reports how many lines it dropped', async () => {
  const child = writeLog();
  const [waiting] = await once(child, 'message');
  expect(waiting).toBeGreaterThan(1_000_000);
  expect(waiting).toBeLessThan(1_010_000);
  let lines = 0;
  const ended = once(
    createInterface(child.stdout).on('line', () => (lines += 1)),
    'close',
  );
  const exited = once(child, 'exit');
  const [text] = await once(createInterface(child.stderr), 'line');
  const report = JSON.parse(text);
  expect(report).toMatchObject({ level: 'WARN', message: 'log.dropped', stream: 'stdout' });
  child.disconnect();
  expect(await exited).toEqual([0, null]);
  await ended;
  expect(lines + report.lines).toBe(2 * LINES);
});

it('exits with the code 74 when the reader closes the pipe', async () => {
  const child = writeLog();
  child.stdout.destroy();
  expect(await once(child, 'exit')).toEqual([LOG_CLOSED, null]);
});
