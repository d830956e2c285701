// Loads a packaged function as Lambda does, calls it once, and prints its response, the modules that it loaded, and the
// sockets that it had opened before the call.
// usage: node call-artifact.mjs FILE EVENT
const [, , file, event] = process.argv;
const context = { awsRequestId: 'artifact', getRemainingTimeInMillis: () => 20_000 };
const module = await import(file);
const handler = module.handler ?? module.default.handler;
const nodeModules = process.moduleLoadList.filter((name) => name.startsWith('NativeModule')).length;
const sockets = process.getActiveResourcesInfo().filter((type) => type === 'TCPSocketWrap').length;
const result = await handler(JSON.parse(event), context);
const answer = { status: result.statusCode, result, nodeModules, sockets };
process.stdout.write(JSON.stringify(answer), () => process.exit(0));
