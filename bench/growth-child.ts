import type { Document } from 'mongodb';
import type { Contract } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import type { Task } from '#lib/http/task.ts';
import type { TaskContract } from '#lib/http/task-contract.ts';
import { contextOf, eventOf, type GatewayRequest } from '../local/gateway-event.ts';
import { answerParent } from './children.ts';
import { median } from './statistics.ts';

/* A container that calls handlers, and counts the commands that it sends. */

/** Requests to an operation, or inputs of a task, one after another. */
export interface Calls {
  name: string;
  requests: (GatewayRequest & Record<string, unknown>)[];
}

/** What one of the calls cost. */
export interface Cost {
  /** The median. */
  ms: number;
  /** The average, of both servers. */
  commands: number;
  /** The average CPU, in milliseconds. */
  cpu: number;
  /** Documents that the finds of the last one examined, by the server's account; null if it does not support `explain`. */
  examined: number | null;
  /** What the last one returned. */
  result: Record<string, unknown>;
}

let commands: number | undefined;
/** The finds of the current call, each as a way to explain it. */
let finds: (() => Promise<Document>)[] = [];

async function countCommands(): Promise<void> {
  commands = 0;
  const { primary, secondary } = await import('#lib/connections.ts');
  for (const open of [primary, secondary]) {
    const client = (await open()).getClient();
    client.on('commandStarted', ({ commandName, databaseName, command }) => {
      if (commandName === 'hello' || commandName === 'explain') return;
      commands = (commands ?? 0) + 1;
      if (commandName !== 'find') return;
      const { lsid, txnNumber, $db, $clusterTime, ...find } = command;
      finds.push(() =>
        client.db(databaseName).command({ explain: find, verbosity: 'executionStats' }),
      );
    });
  }
}

async function countExamined(): Promise<number | null> {
  try {
    const explained = await Promise.all(finds.map((explain) => explain()));
    return explained.reduce((sum, { executionStats }) => sum + executionStats.totalDocsExamined, 0);
  } catch {
    return null;
  }
}

answerParent(async ({ name, requests }: Calls): Promise<Cost> => {
  if (commands === undefined) await countCommands();
  const before = commands ?? 0;
  const { handler } = await import(`../functions/${name}.ts`);
  const times: number[] = [];
  const cpu = process.cpuUsage();
  let result: Cost['result'] = {};
  for (const request of requests) {
    finds = [];
    const started = performance.now();
    result = await call(handler, request);
    times.push(performance.now() - started);
  }
  const sent = (commands ?? 0) - before;
  const { user, system } = process.cpuUsage(cpu);
  return {
    ms: median(times),
    commands: sent / requests.length,
    cpu: (user + system) / 1_000 / requests.length,
    examined: await countExamined(),
    result,
  };
});

async function call(
  handler: Operation<Contract> | Task<TaskContract>,
  request: GatewayRequest,
): Promise<Cost['result']> {
  if (!('routes' in handler.contract))
    return (handler as Task<TaskContract>)(
      request,
      contextOf(handler, { timeLeft: 290_000 }),
    ) as Promise<Cost['result']>;
  const operation = handler as Operation<Contract>;
  const { statusCode = 0, body } = await operation(
    eventOf(operation, request),
    contextOf(operation),
  );
  if (statusCode >= 300) throw new Error(`${handler.contract.name}: ${statusCode} ${body}`);
  return {};
}
