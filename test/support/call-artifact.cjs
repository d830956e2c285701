// Loads a packaged function as Lambda does, calls it once, and prints what it answered.
// usage: node call-artifact.cjs FILE EVENT
const [, , file, event] = process.argv;
const context = { awsRequestId: 'artifact', getRemainingTimeInMillis: () => 20_000 };
require(file)
  .handler(JSON.parse(event), context)
  .then(({ statusCode, body }) => {
    process.stdout.write(JSON.stringify({ status: statusCode, body }), () => process.exit(0));
  });
