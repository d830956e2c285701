/*
 * A container whose calls are billed: loads a function's file as Lambda's runtime does, and calls its handler with each
 * event that the parent process sends.
 * usage: node container.mjs FILE
 */
import { load } from '../lambda-runtime.mjs';

const [, , file] = process.argv;
const nodeStart = performance.now();
const handler = await load(file);
const init = performance.now();

/** Longer than any call takes with a small share of a processor. */
const TIME_LEFT_MS = 290_000;

process.on('disconnect', () => process.exit());
process.on('message', async (event) => {
  const context = {
    awsRequestId: crypto.randomUUID(),
    getRemainingTimeInMillis: () => TIME_LEFT_MS,
  };
  const before = process.cpuUsage();
  const started = performance.now();
  const result = await handler(event, context);
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  const { statusCode = 200, body = '' } = result;
  process.send({
    ...{ nodeStart, init, ms, statusCode, body },
    cpu: (user + system) / 1_000,
    rss: process.resourceUsage().maxRSS / 1_024,
  });
});
process.send('ready');
