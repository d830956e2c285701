import * as z from 'zod/mini';
import { forEachServer } from '../runtime/servers.ts';

/** Whether a server answered a ping, and in how many milliseconds, connecting included. */
const connection = z.strictObject({ status: z.enum(['up', 'down']), ms: z.number() });

export const health = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  connections: z.strictObject(forEachServer(() => connection)),
});
export type Health = z.output<typeof health>;
