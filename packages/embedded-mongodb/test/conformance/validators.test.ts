import { describe, expect, test } from '@jest/globals';
import { conformance } from './support.ts';

const suite = conformance();

describe('a validator', () => {
  const schema = {
    bsonType: 'object',
    required: ['name'],
    properties: {
      name: { bsonType: 'string', minLength: 2 },
      n: { bsonType: ['int', 'double'], minimum: 0 },
      tags: { bsonType: 'array', items: { bsonType: 'string' } },
    },
  };

  test.each<[title: string, document: object, isValid: boolean]>([
    ['lets in what it asks for', { name: 'ann', n: 1, tags: ['x'] }, true],
    ['refuses what lacks a field', { n: 1 }, false],
    ['refuses another type', { name: 5 }, false],
    ['refuses a short text', { name: 'a' }, false],
    ['refuses a small number', { name: 'ann', n: -1 }, false],
    ['refuses a wrong element', { name: 'ann', tags: ['x', 1] }, false],
  ])('%s', async (_title, document, isValid) => {
    const { collectionName } = suite.collection();
    const things = await suite.db.createCollection(collectionName, {
      validator: { $jsonSchema: schema },
    });
    const done = things.insertOne({ ...document });
    if (isValid) expect((await done).acknowledged).toBe(true);
    else await expect(done).rejects.toMatchObject({ code: 121 });
    const probe = await suite.seeded(document);
    expect(await probe.countDocuments({ $jsonSchema: schema })).toBe(isValid ? 1 : 0);
  });

  test('that is a query holds for updates too', async () => {
    const { collectionName } = suite.collection();
    const things = await suite.db.createCollection(collectionName, {
      validator: { n: { $gt: 0 } },
    });
    await things.insertOne({ n: 1 });
    await expect(things.updateOne({}, { $set: { n: 0 } })).rejects.toMatchObject({ code: 121 });
    await things.updateOne({}, { $set: { n: 2 } });
    expect(await things.countDocuments({ n: 2 })).toBe(1);
  });
});
