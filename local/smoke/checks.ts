import { isDeepStrictEqual } from 'node:util';
import { ManystoreError } from '@manystore/client';

/** A check that cannot run, because an earlier one failed, or because it needs something that is not there. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}

/** What a check found that was not expected. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected';
}

/** A check of a smoke test. */
export interface Check {
  /** What is checked: the id of an operation in the API document, or a subject such as `tokens`. */
  subject: string;
  /** What must be true, as a sentence without its subject. */
  title: string;
  run: () => Promise<unknown>;
}

/** The results of the checks that have run. */
export interface Results {
  passed: number;
  skipped: number;
  /** A line for each check that failed. */
  failed: string[];
}

/**
 * Runs checks one after another, and prints a line for each. A check that fails does not stop the others.
 *
 * @param signal once it is aborted, no further check starts
 */
export async function runChecks(
  checks: readonly Check[],
  results: Results,
  { print, signal }: { print: (line: string) => void; signal?: AbortSignal },
): Promise<void> {
  for (const { subject, title, run } of checks) {
    if (signal?.aborted) return;
    const start = performance.now();
    try {
      await run();
      results.passed++;
      print(`ok    ${subject} ${title} (${Math.round(performance.now() - start)} ms)`);
    } catch (error) {
      if (signal?.aborted) return;
      const line = `${subject} ${title}: ${(error as Error).message}`;
      if (error instanceof Skipped) results.skipped++;
      else results.failed.push(line);
      print(`${error instanceof Skipped ? 'skip ' : 'FAIL '} ${line}`);
    }
  }
}

/** @throws {Skipped} when an earlier check did not provide the value */
export function needed<T>(value: T | undefined, from: string): T {
  if (value === undefined) throw new Skipped(`needs the result of ${from}`);
  return value;
}

/** @throws {Unexpected} when the values differ */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Unexpected(
    `${what} is ${JSON.stringify(actual)}; expected ${JSON.stringify(expected)}`,
  );
}

/**
 * Requires that a call of the client fails with a status.
 *
 * @param kind the kind of the problem, if it matters
 * @throws {Unexpected} when it succeeds
 * @throws the call's error, when it fails otherwise
 */
export async function expectStatus(
  call: Promise<{ response: Response }>,
  status: number,
  kind?: ManystoreError['kind'],
): Promise<void> {
  try {
    const { response } = await call;
    throw new Unexpected(`the status is ${response.status}; expected ${status}`);
  } catch (error) {
    const isExpected =
      error instanceof ManystoreError &&
      error.status === status &&
      (kind === undefined || error.kind === kind);
    if (!isExpected) throw error;
  }
}
