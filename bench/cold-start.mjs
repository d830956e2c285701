/*
 * A cold container: loads a function's file as Lambda's runtime does, and calls it if there is an event. Tells what it took
 * on the file descriptor 3, with which nothing is loaded that the function may need itself.
 * usage: node cold-start.mjs FILE [EVENT [CALLS]]
 */
import { createRequire } from 'node:module';
import { load as loadHandler } from './lambda-runtime.mjs';

// An import of node:fs would load what its exports load when they are read.
const { writeSync } = createRequire(import.meta.url)('node:fs');

const [, , file, event, calls = '1'] = process.argv;
const request = event && JSON.parse(event);
const context = { awsRequestId: 'cold', getRemainingTimeInMillis: () => 29_000 };

/** Milliseconds, without `performance`, for which Node loads `perf_hooks`. */
const now = () => Number(process.hrtime.bigint()) / 1e6;

const cpuBefore = process.cpuUsage();
const startedAt = Date.now();
const started = now();
const handler = await loadHandler(file);
const load = now() - started;
const codeCache = globalThis[Symbol.for('manystore.codeCache')];

const tell = (what) => {
  writeSync(3, JSON.stringify({ startedAt, load, codeCache, ...what }));
  process.exit(0);
};

if (!request) tell({});
const { statusCode } = await handler(request, context);
const first = now() - started;
const { user, system } = process.cpuUsage(cpuBefore);
const cpu = (user + system) / 1_000;
const rss = process.memoryUsage.rss();
for (let call = 1; call < Number(calls); call++) await handler(request, context);
tell({ first, cpu, rss, statusCode });
