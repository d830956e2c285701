// Loads a packaged function as Lambda does, calls it once, and prints what it answered.
// usage: node call-artifact.cjs FILE EVENT
const [, , file, event] = process.argv;
const context = { awsRequestId: 'artifact', getRemainingTimeInMillis: () => 20_000 };
require(file)
  .handler(JSON.parse(event), context)
  .then((result) => {
    const answer = JSON.stringify({ status: result.statusCode, result });
    process.stdout.write(answer, () => process.exit(0));
  });
