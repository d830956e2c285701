import { globSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { modelsIn } from '#lib/indexes/collections.ts';

const lib = new URL('../../../lib/', import.meta.url);

it('lists every collection that a schema in lib/ names', () => {
  const sources = globSync('**/*.ts', { cwd: lib }).map((file) =>
    readFileSync(new URL(file, lib), 'utf8'),
  );
  const named = sources.flatMap((source) =>
    [...source.matchAll(/\{\s*collection: '(\w+)'/g)].map(([, name]) => name),
  );
  const placed = (['primary', 'store', 'secondary'] as const)
    .flatMap((place) => modelsIn(place, mongoose.connection))
    .map(({ collection }) => collection.name);
  expect(named.length).toBeGreaterThanOrEqual(7);
  expect(new Set(placed)).toEqual(new Set(named));
});
