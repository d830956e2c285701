// Loads a packaged function as Lambda does, calls it once, and prints its response and the modules that it loaded.
// usage: node call-artifact.cjs FILE EVENT
const [, , file, event] = process.argv;
const context = { awsRequestId: 'artifact', getRemainingTimeInMillis: () => 20_000 };
const { handler } = require(file);
const nodeModules = process.moduleLoadList.filter((name) => name.startsWith('NativeModule')).length;
handler(JSON.parse(event), context).then((result) => {
  const answer = { status: result.statusCode, result, nodeModules };
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
});
