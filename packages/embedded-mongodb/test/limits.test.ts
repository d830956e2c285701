import { describe, expect, test } from '@jest/globals';
import { withServer } from './with-server.ts';

const fixture = withServer();

describe('what the server does not do, it refuses clearly', () => {
  test('a collation but the simple one', async () => {
    const things = fixture.collection();
    await things.insertOne({ s: 'a' });
    const other = things.find({ s: 'A' }, { collation: { locale: 'en', strength: 2 } });
    await expect(other.toArray()).rejects.toMatchObject({ code: 238, codeName: 'NotImplemented' });
    const simple = things.find({ s: 'a' }, { collation: { locale: 'simple' } });
    expect(await simple.toArray()).toHaveLength(1);
  });

  test('a change stream and full text', async () => {
    const things = fixture.collection();
    await expect(things.watch().next()).rejects.toMatchObject({ code: 40324 });
    await expect(things.findOne({ $text: { $search: 'x' } })).rejects.toMatchObject({ code: 2 });
  });
});

describe('a read that takes longer than its client wants to wait', () => {
  test('fails as such', async () => {
    const block = { failCommands: ['find'], blockConnection: true, blockTimeMS: 30 };
    await fixture.failCommand({ times: 1 }, block);
    await expect(fixture.collection().findOne({}, { maxTimeMS: 5 })).rejects.toMatchObject({
      code: 50,
      codeName: 'MaxTimeMSExpired',
    });
    expect(await fixture.collection().findOne({}, { maxTimeMS: 5000 })).toBeNull();
  });
});

describe('$merge', () => {
  test('changes what is there by a pipeline that knows what is new', async () => {
    const [from, into] = [fixture.collection('from'), fixture.collection('into')];
    await from.insertOne({ _id: 1 as never, n: 2 });
    await into.insertOne({ _id: 1 as never, n: 5 });
    const whenMatched = [{ $set: { n: { $add: ['$n', '$$new.n'] } } }];
    await from.aggregate([{ $merge: { into: 'into', whenMatched } }]).toArray();
    expect(await into.findOne()).toEqual({ _id: 1, n: 7 });
  });
});
