import { manystore } from '@manystore/client';
import type { TokenSource } from '../access.ts';
import { archiveChecks } from './archive-checks.ts';
import { type Check, type Results, runChecks } from './checks.ts';
import { cleanup } from './cleanup.ts';
import { headChecks } from './head-checks.ts';
import { productChecks } from './product-checks.ts';
import { reportChecks } from './report-checks.ts';
import { serviceChecks } from './service-checks.ts';
import { newNames, type Setting } from './setting.ts';
import { storeChecks } from './store-checks.ts';
import { tokenChecks } from './token-checks.ts';

/** The time for a request in milliseconds: the gateway waits for 30 s. */
const TIMEOUT_MS = 35_000;

/** A smoke test of a service. */
export interface SmokeTest {
  /** The URL of the service, without a slash at the end. */
  url: string;
  /** A token for all operations and all stores. */
  token: string;
  /** Makes other tokens; without it, their checks are skipped. */
  issueToken?: TokenSource | undefined;
  /** Receives the lines that are printed. */
  print: (line: string) => void;
  /** Once it is aborted, no further check starts. What exists is removed nevertheless. */
  signal?: AbortSignal;
}

/** What a smoke test found. */
export interface SmokeResults extends Results {
  /** The stores that it used. */
  stores: string[];
}

/**
 * Calls every operation of a service in two stores of its own, sends tokens that it must reject, and then closes the stores.
 * A check that fails does not stop the others.
 */
export async function smokeTest(test: SmokeTest): Promise<SmokeResults> {
  const { url, token, print, signal } = test;
  const setting = settingOf(test);
  const { first, second } = setting.stores;
  const results: Results = { passed: 0, skipped: 0, failed: [] };
  print(`Testing ${url} with the stores ${first} and ${second}`);
  await runChecks(checksOf(setting), results, { print, ...(signal ? { signal } : {}) });
  // Retries, because what is not removed now remains.
  const retrying = manystore({ url, token, maxRetryDelayMs: 5_000 });
  await runChecks(cleanup(setting, retrying, print), results, { print });
  return { ...results, stores: [first, second] };
}

/** Returns the checks in the order in which they run. Later ones use what earlier ones made. */
export const checksOf = (setting: Setting): Check[] => [
  ...serviceChecks(setting),
  ...storeChecks(setting),
  ...productChecks(setting),
  ...headChecks(setting),
  ...archiveChecks(setting),
  ...reportChecks(setting),
  ...tokenChecks(setting),
];

function settingOf({ url, token, issueToken, signal }: SmokeTest): Setting {
  const send = (input: string, init: RequestInit = {}) => {
    const signals = [AbortSignal.timeout(TIMEOUT_MS), init.signal, signal].filter(
      (it) => it != null,
    );
    return fetch(input, { ...init, signal: AbortSignal.any(signals) });
  };
  return {
    url,
    token,
    issueToken,
    client: manystore({ url, token, fetch: send, maxRetries: 0 }),
    fetch: (path, init) => send(`${url}${path}`, init),
    ...newNames(),
    made: {},
  };
}
