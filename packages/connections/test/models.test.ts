import { describe, expect, it } from '@jest/globals';
import mongoose, { Schema } from 'mongoose';
import { bindModel, ensureIndexes } from '../src/index.ts';
import { manage, serve } from './support/served.ts';

const { server, proxy } = await serve();

const schema = new Schema(
  { text: { type: String, unique: true } },
  { autoCreate: false, autoIndex: false, methods: { shout: () => 'LOUD' } },
);
const Memo = mongoose.model('Memo', schema);
const home = Memo.db;

describe('bindModel', () => {
  it('shares the compiled model, and reads and writes through its own connection', async () => {
    const base = await manage(proxy.uri).open();
    const [here, there] = ['memos_here', 'memos_there'].map((name) =>
      bindModel(Memo, base.useDb(name, { useCache: true })),
    );
    await here?.create({ text: 'here' });
    expect(await there?.countDocuments()).toBe(0);
    const found = await here?.findOne();
    expect(found?.shout()).toBe('LOUD');
    expect(here?.schema).toBe(schema);
    expect(found).toBeInstanceOf(Memo);
  });

  it('returns the same model for the same connection', async () => {
    const base = await manage(proxy.uri).open();
    const database = base.useDb('memos_once', { useCache: true });
    expect(bindModel(Memo, database)).toBe(bindModel(Memo, database));
  });

  it('keeps the base model on the connection where it was compiled', async () => {
    const base = await manage(proxy.uri).open();
    bindModel(Memo, base.useDb('memos_home', { useCache: true }));
    expect(mongoose.models.Memo).toBe(Memo);
    expect(Memo.db).toBe(home);
  });
});

describe('ensureIndexes', () => {
  const commands = () => proxy.commands.filter((name) => name === 'createIndexes').length;
  const memosIn = async (name: string) => {
    const base = await manage(proxy.uri).open();
    return bindModel(Memo, base.useDb(name, { useCache: true }));
  };

  it('creates the indexes once for all callers', async () => {
    const memos = await memosIn('indexes_once');
    const before = commands();
    await Promise.all(Array.from({ length: 20 }, () => ensureIndexes(memos)));
    await ensureIndexes(memos);
    expect(commands() - before).toBe(1);
    const indexes = await memos.collection.indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { text: 1 }, unique: true }));
  });

  it('sends the command again when its socket was closed', async () => {
    const memos = await memosIn('indexes_cut');
    let isCut = false;
    proxy.decide = (name) => {
      if (name !== 'createIndexes' || isCut) return 'pass';
      isCut = true;
      return 'cut before';
    };
    await ensureIndexes(memos);
    expect(isCut).toBe(true);
  });

  it('does not cache a failure', async () => {
    const memos = await memosIn('indexes_failing');
    await memos.collection.insertMany([{ text: 'same' }, { text: 'same' }]);
    await expect(ensureIndexes(memos)).rejects.toMatchObject({ code: 11000 });
    await memos.collection.deleteOne({ text: 'same' });
    await ensureIndexes(memos);
  });

  it('stops waiting when its signal is aborted', async () => {
    const memos = await memosIn('indexes_slow');
    server.freeze();
    const { signal } = new AbortController();
    const waiting = ensureIndexes(memos, signal);
    await expect(ensureIndexes(memos, AbortSignal.abort(new Error('over')))).rejects.toThrow(
      'over',
    );
    server.thaw();
    await waiting;
  });
});
