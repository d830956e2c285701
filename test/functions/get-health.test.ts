import { expect, it } from '@jest/globals';
import { handler } from '../../functions/get-health.ts';
import { call } from '../support/gateway.ts';

// What it says while a server is away: see test/faults/outage.test.ts.
it('get-health pings both servers and times them', async () => {
  const { status, body } = await call(handler);
  expect(status).toBe(200);
  expect(body).toEqual({
    status: 'ok',
    connections: {
      primary: { status: 'up', ms: expect.any(Number) },
      secondary: { status: 'up', ms: expect.any(Number) },
    },
  });
});
