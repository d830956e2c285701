import * as z from 'zod/mini';

/** Whether a server answered a ping, and in how many milliseconds, connecting included. */
const connection = z.strictObject({ status: z.enum(['up', 'down']), ms: z.number() });

export const health = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  connections: z.strictObject({ primary: connection, secondary: connection }),
});
export type Health = z.output<typeof health>;
