import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import mongoose, { Types, trusted } from 'mongoose';
import { secondary } from '#lib/connections.ts';
import { CHANGED_MEANWHILE, untilUnchanged } from '#lib/documents/until-unchanged.ts';
import { VersionedCollection } from '#lib/documents/versioned-collection.ts';
import { ProductCollection } from '#lib/products/collection.ts';
import { newRecord, productsOn } from '#lib/products/record.ts';
import { aProduct } from '../../support/catalog.ts';
import { servers } from '../../support/settings.ts';
import { WireProxy } from '../../support/wire-proxy.ts';

const { signal } = new AbortController();
const now = new Date();

const proxy = await new WireProxy(servers.primary).listen();
/** What the driver says of a socket that was cut. */
const broken = /connection .* closed/;
/** A connection behind the proxy. Only the collection retries. */
const connection = mongoose.createConnection(`${proxy.uri}&retryReads=false&retryWrites=false`);
afterAll(async () => {
  await connection.close();
  await proxy.shut();
});

let model: ReturnType<typeof productsOn>;
let products: ProductCollection;
let plain: VersionedCollection<ReturnType<typeof newRecord>>;
beforeAll(async () => {
  model = productsOn(await connection.asPromise());
  await model.createIndexes();
  products = new ProductCollection(model, signal);
  plain = new VersionedCollection(model, signal);
});

async function insert() {
  const record = newRecord(aProduct(), now);
  await products.insertOne(record);
  return record;
}

/**
 * Cuts the socket of the first command with a name before it arrives. Returns a function that returns how often the
 * command was sent.
 */
function cutOnce(name: 'find' | 'findAndModify' | 'delete'): () => number {
  let sent = 0;
  proxy.decide = (command) => (command.name === name && ++sent === 1 ? 'cut before' : 'pass');
  return () => sent;
}

describe('a collection', () => {
  it('omits the hidden fields from every read', async () => {
    const { _id, sku, terms, ...rest } = await insert();
    expect(terms).not.toEqual([]);
    const expected = { _id, sku, ...rest };
    const [found] = await products.find({ sku });
    const read = await products.collect({ sku }, {}, async (documents) => {
      for await (const document of documents) return document;
      return null;
    });
    expect([
      await products.findById(_id),
      await products.findOne({ sku }),
      found,
      (await products.findIn('sku', [sku]))[0],
      read,
      await products.updateIfVersion({ _id, version: 1 }, { $set: { stock: rest.stock } }),
    ]).toEqual(Array(6).fill(expected));
    expect(await plain.findById(_id)).toEqual({ ...expected, terms });
  });

  it('reads the named fields and the _id', async () => {
    const { _id, sku } = await insert();
    expect(await products.findOne({ sku }, { fields: ['version'] })).toEqual({ _id, version: 1 });
  });

  it('throws for a condition on an unknown field', async () => {
    await expect(products.findOne({ typo: 1 } as never)).rejects.toThrow('typo');
  });

  it('retries a repeatable operation once when its connection breaks', async () => {
    const record = await insert();
    const updates = cutOnce('findAndModify');
    const changed = await products.updateIfVersion(record, { $set: { stock: 1 } });
    expect([updates(), changed?.stock]).toEqual([2, 1]);
    const finds = cutOnce('find');
    expect(await products.findById(record._id)).toMatchObject({ stock: 1 });
    expect(finds()).toBe(2);
  });

  it.each([
    ['again after NotWritablePrimary', 10_107, 2],
    ['no second time after Unauthorized', 13, 1],
  ])('looks for an _id %s', async (_, errorCode, times) => {
    // A fail point applies to all clients of a server.
    const server = await startEmbeddedMongo();
    const client = await mongoose
      .createConnection(server.uri, { monitorCommands: true })
      .asPromise();
    const record = newRecord(aProduct(), now);
    const there = new ProductCollection(productsOn(client), signal);
    await there.insertOne(record);
    let sent = 0;
    client.getClient().on('commandStarted', ({ commandName }) => {
      if (commandName === 'find') sent += 1;
    });
    await client
      .getClient()
      .db('admin')
      .command({
        configureFailPoint: 'failCommand',
        mode: { times: 1 },
        data: { failCommands: ['find'], errorCode },
      });
    const [{ status }] = await Promise.allSettled([there.findById(record._id)]);
    expect([status, sent]).toEqual([times === 2 ? 'fulfilled' : 'rejected', times]);
    await client.close();
    await server.stop();
  });

  it.each(['', '&readConcernLevel=majority&readPreference=secondaryPreferred'])(
    "looks for an _id with the command of the driver's findOne(), with the options '%s'",
    async (options) => {
      const client = await mongoose
        .createConnection(`${proxy.uri}${options}`, { monitorCommands: true })
        .asPromise();
      const sent: object[] = [];
      client.getClient().on('commandStarted', ({ command: { lsid, ...command } }) => {
        sent.push(command);
      });
      const there = productsOn(client);
      const _id = new Types.ObjectId();
      await new ProductCollection(there, signal).findById(_id);
      await there.collection.findOne({ _id }, { projection: { terms: 0 } });
      const [one, other] = sent;
      expect(sent).toHaveLength(2);
      expect(one).toEqual(other);
      await client.close();
    },
  );

  it('never retries an operation that must not run twice', async () => {
    const { _id } = await insert();
    const updates = cutOnce('findAndModify');
    await expect(products.updateOnce({ _id }, { $inc: { stock: 1 } })).rejects.toThrow(broken);
    expect(updates()).toBe(1);
    const deletes = cutOnce('delete');
    const removal = { deleteOne: { filter: { _id } } };
    await expect(products.bulkOnce([removal])).rejects.toThrow(broken);
    expect(deletes()).toBe(1);
  });

  it('never retries a single operation of a transaction', async () => {
    const record = await insert();
    const session = await model.db.startSession();
    const updates = cutOnce('findAndModify');
    const change = products.within(session).updateIfVersion(record, { $set: { stock: 1 } });
    await expect(change).rejects.toThrow(broken);
    expect(updates()).toBe(1);
    const finds = cutOnce('find');
    await expect(products.within(session).findById(record._id)).rejects.toThrow(broken);
    expect(finds()).toBe(1);
    await session.endSession();
  });

  it('aborts its operations at the deadline', async () => {
    const ended = new ProductCollection(model, AbortSignal.abort(new Error('too late')));
    await expect(ended.findById(new Types.ObjectId())).rejects.toThrow('too late');
    await expect(ended.find({})).rejects.toThrow('too late');
    await expect(ended.bulk([{ deleteMany: { filter: { sku: 'none' } } }])).rejects.toThrow(
      'too late',
    );
  });

  it('inserts missing documents, and counts them', async () => {
    const there = await insert();
    const missing = newRecord(aProduct(), now);
    expect(await products.insertMissing([{ ...there, stock: 99 }, missing])).toBe(1);
    expect((await products.findById(there._id))?.stock).toBe(there.stock);
    expect(await products.insertMissing([])).toBe(0);
  });
});

describe('a versioned collection', () => {
  it('changes and deletes a document only in the given version', async () => {
    const record = await insert();
    const stale = { ...record, version: 7 };
    expect(await products.updateIfVersion(stale, { $set: { stock: 1 } })).toBeNull();
    expect(await products.deleteIfVersion(stale)).toBe(false);
    const { _id, ...replacement } = record;
    expect(await products.replaceIfVersion(stale, replacement)).toBe(false);
    expect(await products.replaceIfVersion(record, { ...replacement, stock: 3 })).toBe(true);
    expect((await products.findById(_id))?.stock).toBe(3);
    await products.deleteOlder(record);
    expect(await products.deleteIfVersion(record)).toBe(true);
  });

  it.each([false, true])(
    'replaces older documents, and those of the same version only with `alsoSame`: %s',
    async (alsoSame) => {
      const copies = new VersionedCollection(productsOn(await secondary()), signal);
      const at = (stock: number, version: number) => ({
        ...newRecord(aProduct(), now),
        stock,
        version,
      });
      const [older, same, newer, missing] = [at(1, 1), at(1, 2), at(1, 3), at(2, 1)];
      await copies.insertMissing([older, same, newer]);
      const next = [older, same, newer].map((record) => ({ ...record, stock: 2, version: 2 }));
      await copies.replaceOlder([...next, missing], { alsoSame });
      const found = await copies.find({
        _id: trusted({ $in: [older, same, newer, missing].map(({ _id }) => _id) }),
      });
      const stockOf = new Map(found.map(({ _id, stock }) => [String(_id), stock]));
      const stocks = [older, same, newer, missing].map(({ _id }) => stockOf.get(String(_id)));
      expect(stocks).toEqual([2, alsoSame ? 2 : 1, 1, 2]);
    },
  );
});

describe('untilUnchanged', () => {
  it('runs again while another change comes first', async () => {
    let left = 3;
    const result = await untilUnchanged(async () => (left-- > 0 ? CHANGED_MEANWHILE : 'done'));
    expect([result, left]).toEqual(['done', -1]);
  });
});
