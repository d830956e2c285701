import * as z from 'zod/mini';
import { forEachServer } from '../runtime/servers.ts';

/** Whether a server responded to a ping, and the time that it took in milliseconds, including connecting. */
const connection = z.strictObject({ status: z.enum(['up', 'down']), ms: z.number() });

const count = z.int().check(z.gte(0));

/** The status of the servers, and how many of the other clusters responded that this container is connected to. */
export const health = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  connections: z.strictObject(forEachServer(() => connection)),
  clusters: z.strictObject({ up: count, down: count }),
});
export type Health = z.output<typeof health>;
