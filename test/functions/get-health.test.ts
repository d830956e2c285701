import { expect, it } from '@jest/globals';
import { handler } from '../../functions/get-health.ts';
import { call } from '../support/gateway.ts';

// test/faults/outage.test.ts tests it while a server is unavailable.
it('get-health pings both servers, and returns how long each took', async () => {
  const { status, body } = await call(handler);
  expect(status).toBe(200);
  expect(body).toEqual({
    status: 'ok',
    connections: {
      primary: { status: 'up', ms: expect.any(Number) },
      secondary: { status: 'up', ms: expect.any(Number) },
    },
    clusters: { up: 0, down: 0 },
  });
});
