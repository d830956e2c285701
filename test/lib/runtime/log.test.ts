import { describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { describeError, logWithMetrics } from '#lib/runtime/log.ts';
import { metricsOf } from '#lib/runtime/metrics.ts';
import { captureLog } from '../../support/captured-log.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'WARN';
process.env.POWERTOOLS_METRICS_DISABLED = 'false';
const output = captureLog();

const text = (error: unknown) => JSON.stringify(describeError(error));

describe('the log', () => {
  it('does not show a value that cannot be cast, or that is a duplicate', () => {
    const cast = new mongoose.Error.CastError('Number', 'TopSecret', 'price.amount');
    const duplicate = new mongoose.mongo.MongoServerError({
      message: 'E11000 duplicate key error dup key: { sku: "TopSecret" }',
      code: 11000,
      codeName: 'DuplicateKey',
    });
    expect(text(cast)).not.toContain('TopSecret');
    expect(text(duplicate)).not.toContain('TopSecret');
    expect(describeError(duplicate)).toMatchObject({ code: 11000, codeName: 'DuplicateKey' });
  });

  it('shows the place of an error, and its cause', () => {
    const error = new Error('TopSecret', { cause: new TypeError('x is not a function') });
    const described = describeError(error);
    expect(described).toMatchObject({
      name: 'Error',
      cause: { name: 'TypeError', message: 'x is not a function' },
    });
    expect((described.at as string[])[0]).toMatch(/^at .*log\.test\.ts/);
  });

  it('does not mistake a line of a message for a place', () => {
    expect(text(new Error('refused:\n    at TopSecret (file.ts:1:1)'))).not.toContain('TopSecret');
  });

  it.each([
    'mongodb+srv://user:secret@host.example/db',
    "mongodb://user:it's%20secret@host.example/db",
    'mongodb://user:a"secret@host.example/db',
  ])('shows no connection string: %s', (uri) => {
    const error = new TypeError(`cannot use ${uri}`);
    expect(describeError(error).message).toBe('cannot use mongodb://[redacted]');
  });
});

it('has the metrics of a line whose level is not logged, and both where it is', () => {
  const outcome = { operation: 'get-store', ms: 1, coldStart: false };
  const metrics = { service: 'manystore', operation: 'get-store', Duration: 1 };
  output.clear();
  logWithMetrics('info', 'request', { status: 200 }, metricsOf({ ...outcome, status: 200 }));
  expect(JSON.parse(output.text)).toEqual({ ...metrics, Faults: 0, _aws: expect.anything() });
  output.clear();
  logWithMetrics('error', 'request', { status: 500 }, metricsOf({ ...outcome, status: 500 }));
  expect(JSON.parse(output.text)).toMatchObject({
    ...{ ...metrics, Faults: 1, level: 'ERROR', message: 'request', status: 500 },
  });
});
