/*
 * Loads a bundle, sends it its example request, and saves V8's code cache. The cache then contains everything that runs
 * between the start of a container and its first response. Each function is compiled in a separate process, with the
 * flags that it has on Lambda, because V8 rejects a code cache that was created with other flags.
 *
 * usage: node --expose-gc compile.ts BUNDLE NAME OUTPUT
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import type { Contract } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import type { Task } from '#lib/http/task.ts';
import type { TaskContract } from '#lib/http/task-contract.ts';
import { contextOf, eventOf } from '../local/gateway-event.ts';
import { seedExamples } from '../openapi/example-catalog.ts';
import { exampleInputs, exampleRequests } from '../openapi/example-requests.ts';
import { resolveWarmUpHosts } from './warm-up-names.ts';

const [, , bundle = '', name = '', output = ''] = process.argv;

resolveWarmUpHosts();
await seedExamples();
const script = new Script(readFileSync(bundle, 'latin1'), { filename: bundle });
const module = { exports: {} as { handler: Operation<Contract> | Task<TaskContract> } };
script.runInThisContext()(module, module.exports, createRequire(bundle));
await module.exports.handler.ready;
await warmUp(module.exports.handler);
writeFileSync(output, script.createCachedData());
process.exit();

async function warmUp(handler: Operation<Contract> | Task<TaskContract>): Promise<void> {
  if (!isOperation(handler)) {
    await handler(exampleInputs[name] ?? {}, contextOf(handler));
    return;
  }
  const request = exampleRequests[name];
  if (!request) throw new Error('It has no example in openapi/example-requests.ts');
  const { statusCode, body } = await handler(eventOf(handler, request), contextOf(handler));
  if (statusCode === undefined || statusCode >= 400)
    throw new Error(`Its example request returned ${statusCode}: ${body}`);
}

function isOperation(
  handler: Operation<Contract> | Task<TaskContract>,
): handler is Operation<Contract> {
  return 'routes' in handler.contract;
}
