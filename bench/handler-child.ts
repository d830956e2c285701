import { randomUUID } from 'node:crypto';
import { answerParent, cpuOf } from './children.ts';

/* A handler in a process of its own: `handler-child.ts MODULE`. It is called one request at a time, as Lambda does. */

export interface Calls {
  event: object;
  count: number;
}
export interface Called {
  /** In microseconds of the processor, of one call. */
  cpu: number;
  /** The last answer. */
  answer: { statusCode: number; body: string };
}

const module = await import(new URL(process.argv[2] ?? '', import.meta.url).href);
// A bundle is CommonJS.
const { handler } = module.default ?? module;

answerParent(async ({ event, count }: Calls): Promise<Called> => {
  const requests = Array.from({ length: count }, () => ({
    event: structuredClone(event),
    context: { awsRequestId: randomUUID(), getRemainingTimeInMillis: () => 29_000 },
  }));
  let answer: Called['answer'] | undefined;
  // No call pays for the garbage of the calls before.
  globalThis.gc?.();
  const cpu = await cpuOf(async () => {
    for (const { event, context } of requests) answer = await handler(event, context);
  });
  if (!answer) throw new Error('It was not called');
  return { cpu: cpu / count, answer };
});
