/*
 * A cold container: loads a function's file as Lambda's runtime does, and calls it once if there is an event. Tells
 * what it took on the file descriptor 3, with which nothing is loaded that the function may need itself.
 * usage: node cold-start.cjs FILE [EVENT]
 */
const { writeSync } = require('node:fs');

const [, , file, event] = process.argv;
const request = event && JSON.parse(event);
const context = { awsRequestId: 'cold', getRemainingTimeInMillis: () => 29_000 };

const started = performance.now();
const { handler } = require(file);
const load = performance.now() - started;

const tell = (what) => {
  writeSync(3, JSON.stringify({ load, ...what }));
  process.exit(0);
};

if (!request) tell({});
else
  handler(request, context).then(({ statusCode }) => {
    const first = performance.now() - started;
    tell({ first, rss: process.memoryUsage.rss(), statusCode });
  });
