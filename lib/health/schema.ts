import * as z from 'zod/mini';
import { forEachServer } from '../runtime/servers.ts';

/** Whether a server responded to a ping, and the time that it took in milliseconds, including connecting. */
const connection = z.strictObject({ status: z.enum(['up', 'down']), ms: z.number() });

export const health = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  connections: z.strictObject(forEachServer(() => connection)),
});
export type Health = z.output<typeof health>;
