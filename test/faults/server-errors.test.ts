import { afterAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { mongo } from 'mongoose';
import { closeConnections } from '#lib/connections.ts';
import { newRecord } from '#lib/products/record.ts';
import { handler as adjustStock } from '../../functions/adjust-stock.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { withDatabase } from '../../local/with-database.ts';
import { SERVER_CODES } from '../../packages/connections/src/server-codes.ts';
import { captureLog } from '../support/captured-log.ts';
import { addProduct, aProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

/*
 * A fail point applies to all clients of a server, so this file always runs on a server of its own.
 */

process.env.POWERTOOLS_METRICS_DISABLED = 'false';
const AUTHENTICATION_FAILED = 18;
const output = captureLog();

const server = await startEmbeddedMongo();
process.env.PRIMARY_CONN_STR = withDatabase(server.uri, 'server-errors');
const client = await mongo.MongoClient.connect(server.uri);
afterAll(async () => {
  await closeConnections();
  await client.close();
  await server.stop();
});

describe('an error of the server', () => {
  const failPoint = (rest: object) =>
    client.db('admin').command({ configureFailPoint: 'failCommand', ...rest });
  /** The driver signs in again by itself, which a server without users rejects. */
  const REAUTHENTICATE = 391;
  const DENIED = 13;
  const CODES = [
    ...[...SERVER_CODES].filter(([code]) => code !== REAUTHENTICATE),
    [DENIED, { isTransient: false, mayBeApplied: false }] as const,
  ];

  it('does not fail a change (200) if it rejects the mark, and fails it (503) unapplied if it is unavailable', async () => {
    const answers: unknown[] = [];
    const [DISK_FULL, SHUTDOWN] = [14_031, 91];
    for (const errorCode of [DENIED, DISK_FULL, SHUTDOWN]) {
      const store = await openStore();
      const _id = new mongo.ObjectId();
      const record = newRecord(aProduct({ stock: 1 }), new Date());
      await client
        .db(`store_${store}`)
        .collection('products')
        .insertOne({ ...record, _id });
      await failPoint({ mode: 'alwaysOn', data: { failCommands: ['update'], errorCode } });
      const path = { store, product: String(_id) };
      const { status, body } = await call(adjustStock, { path, body: { by: 1 } });
      await failPoint({ mode: 'off' });
      answers.push([errorCode, status, body.stock ?? body.outcome]);
    }
    expect(answers).toEqual([
      [DENIED, 200, 2],
      [DISK_FULL, 200, 2],
      [SHUTDOWN, 503, 'not-applied'],
    ]);
  });

  it('is answered with 503 if it is temporary or rejects the user, otherwise with 500, and with the outcome of a write', async () => {
    const { path } = await addProduct({ store: await openStore() });
    const answers: unknown[] = [];
    const failBoth = async (id: unknown, failure: object) => {
      const failing = (command: string) =>
        failPoint({ mode: 'alwaysOn', data: { failCommands: [command], ...failure } });
      await failing('find');
      const read = await call(getProduct, { path });
      await failing('findAndModify');
      const written = await call(adjustStock, { path, body: { by: 1 } });
      answers.push([id, read.status, written.status, written.body.outcome]);
    };
    for (const [errorCode] of CODES) await failBoth(errorCode, { errorCode });
    const [errorCode, errorLabels] = [999_999, ['SystemOverloadedError', 'NoWritesPerformed']];
    await failBoth('overloaded', { errorCode, errorLabels });
    const writeConcernError = { code: 64, errmsg: 'timeout' };
    await failBoth('unconfirmed', { writeConcernError });
    await failPoint({ mode: 'off' });
    expect(answers).toEqual([
      ...CODES.map(([code, { isTransient, mayBeApplied }]) => {
        const status = isTransient || code === AUTHENTICATION_FAILED ? 503 : 500;
        return [code, status, status, mayBeApplied ? 'unknown' : 'not-applied'];
      }),
      ['overloaded', 503, 503, 'not-applied'],
      ['unconfirmed', 503, 503, 'unknown'],
    ]);
  });

  it('is answered with 200 if a retry of its transaction succeeds, and the retry is counted', async () => {
    const { path } = await addProduct({ store: await openStore() });
    await failPoint({
      mode: { times: 1 },
      data: {
        failCommands: ['commitTransaction'],
        errorCode: 112,
        errorLabels: ['TransientTransactionError'],
      },
    });
    output.clear();
    const headers = { 'idempotency-key': 'once' };
    expect(await call(adjustStock, { path, headers, body: { by: 1 } })).toMatchObject({
      status: 200,
    });
    await failPoint({ mode: 'off' });
    expect(output.text.includes('"Retries":1')).toBe(true);
  });
});
