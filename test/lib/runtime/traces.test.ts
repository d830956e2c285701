import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from '@jest/globals';
import { closeConnections } from '#lib/connections.ts';
import type { Span } from '#lib/runtime/span.ts';
import { exportTrace } from '#lib/runtime/trace-export.ts';
import { addTo, MAX_CHILDREN } from '#lib/runtime/traces.ts';
import { handler as getHealth } from '../../../functions/get-health.ts';
import { handler as getProduct } from '../../../functions/get-product.ts';
import { handler as syncMirror } from '../../../functions/sync-mirror.ts';
import { captureLog } from '../../support/captured-log.ts';
import { addProduct, openStore } from '../../support/catalog.ts';
import { call, invoke } from '../../support/gateway.ts';

process.env.TRACES = 'log';
process.env.POWERTOOLS_LOG_LEVEL = 'INFO';
const output = captureLog();

/** The lines of the last trace in the log, without their times. */
function lastTrace(): string[] {
  const [, list = '[]'] = [...output.text.matchAll(/"spans":(\[.*?\])/g)].at(-1) ?? [];
  return JSON.parse(list).map((line: string) => {
    expect(line).toMatch(/^ *\d+\.\d ms +\d+\.\d ms {2}/);
    return line.replace(/^(?: *\d+\.\d ms){2} {2}/, '');
  });
}

describe('a traced request', () => {
  it('logs its middlewares, connections and commands, in their order', async () => {
    const { path } = await addProduct({ store: await openStore() });
    await closeConnections();
    await call(getProduct, { path });
    expect(lastTrace()).toContain('    connect primary');
    expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
    expect(lastTrace()).toEqual([
      'get-product',
      ...['  authorize', '  validate', '  secrets', '  run'],
      '    find primary',
    ]);
  });

  it('logs a failed span, and the commands to both servers', async () => {
    await call(getProduct, { path: { product: 'nonsense' } });
    expect(lastTrace()).toEqual(['get-product', '  authorize', '  validate (failed)']);
    await call(getHealth);
    expect(lastTrace()).toEqual(expect.arrayContaining(['    ping primary', '    ping secondary']));
  });
});

describe('a traced task', () => {
  it('logs its commands, and counts those that are too many', async () => {
    const store = await openStore();
    await addProduct({ store });
    await invoke(syncMirror, { stores: [store] });
    expect(lastTrace()).toEqual(
      expect.arrayContaining(['sync-mirror', '  run', '    find primary', '    update secondary']),
    );
    const begin = (name: string): Span => ({
      ...{ name, startedAt: 1_000, endedAt: 1_500, hasFailed: false },
      ...{ children: [], omitted: 0 },
    });
    const parent = begin('run');
    for (let n = 0; n < MAX_CHILDREN + 7; n++) addTo(parent, begin(`${n}`));
    exportTrace(parent, 'log');
    const [first, ...parts] = lastTrace();
    expect([first, parts.length]).toEqual(['run (7 more parts)', MAX_CHILDREN]);
  });
});

describe('an exported trace', () => {
  const daemon = createSocket('udp4');
  afterAll(() => {
    daemon.close();
  });
  const command: Span = {
    name: 'find primary',
    ...{ startedAt: 1_000, endedAt: 1_500, hasFailed: true, children: [], omitted: 0 },
  };
  const root: Span = { ...command, name: 'get-product', hasFailed: false, children: [command] };

  it('is sent to the X-Ray daemon as a subsegment of the invocation, if the invocation is sampled', async () => {
    daemon.bind(0, '127.0.0.1');
    await once(daemon, 'listening');
    process.env.AWS_XRAY_DAEMON_ADDRESS = `127.0.0.1:${daemon.address().port}`;
    process.env._X_AMZN_TRACE_ID = 'Root=1-a-b;Parent=c;Sampled=0';
    exportTrace(root, 'xray');
    process.env._X_AMZN_TRACE_ID = 'Root=1-a-d;Parent=c;Sampled=1';
    exportTrace(root, 'xray');
    const [message] = await once(daemon, 'message');
    const [header, segment] = String(message).split('\n');
    expect(header).toBe('{"format":"json","version":1}');
    const id = expect.stringMatching(/^[\da-f]{16}$/);
    const times = { start_time: 1, end_time: 1.5 };
    expect(JSON.parse(segment ?? '')).toEqual({
      ...{ id, ...times, name: 'get-product', type: 'subsegment' },
      ...{ trace_id: '1-a-d', parent_id: 'c' },
      subsegments: [{ id, ...times, name: 'find primary', fault: true }],
    });
  });
});
