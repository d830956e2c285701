/*
 * A container that gets one large request: loads a function's file as Lambda's runtime does, and calls it with the event
 * of a file. Writes what that cost to the file descriptor 3.
 * usage: node hostile-child.mjs FILE EVENT_FILE
 */
import { readFileSync, writeSync } from 'node:fs';
import { load } from './lambda-runtime.mjs';

/** Longer than a request may take, so that a slow server does not cut an import off. */
const TIME_LEFT_MS = 300_000;

const [, , file, eventFile] = process.argv;
const handler = await load(file);
const event = JSON.parse(readFileSync(eventFile, 'utf8'));
const context = { awsRequestId: 'hostile', getRemainingTimeInMillis: () => TIME_LEFT_MS };

/** How often the event loop is looked at. */
const TICK_MS = 5;

let block = 0;
let last = performance.now();
const look = () => {
  const now = performance.now();
  block = Math.max(block, now - last - TICK_MS);
  last = now;
};

setTimeout(async () => {
  last = performance.now();
  setInterval(look, TICK_MS);
  const before = process.cpuUsage();
  const { statusCode, body } = await handler(event, context);
  const { user, system } = process.cpuUsage(before);
  look();
  const told = {
    cpu: (user + system) / 1_000,
    block,
    rss: process.resourceUsage().maxRSS * 1_024,
    statusCode,
    body: body.slice(0, 500),
  };
  writeSync(3, JSON.stringify(told));
  process.exit(0);
}, 50);
