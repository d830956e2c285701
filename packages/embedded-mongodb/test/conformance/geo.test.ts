import { beforeAll, describe, expect, test } from '@jest/globals';
import type * as mongo from 'mongodb';
import { type Collection, conformance } from './support.ts';

const suite = conformance();
const point = (x: number, y: number) => ({ type: 'Point', coordinates: [x, y] });
const square = (low: number, high: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [low, low],
      [low, high],
      [high, high],
      [high, low],
      [low, low],
    ],
  ],
});
type Case = [title: string, filter: mongo.Filter<mongo.Document>, ids: number[]];

describe('a place', () => {
  let places: Collection;
  beforeAll(async () => {
    places = suite.collection();
    await places.createIndex({ at: '2dsphere' });
    await places.createIndex({ flat: '2d' });
    await places.insertMany(
      [
        { at: point(0, 0), flat: [0, 0] },
        { at: point(1, 1), flat: [1, 1] },
        { at: point(5, 5), flat: [5, 5] },
        { at: square(20, 30) },
        { name: 'nowhere' },
      ].map((place, n) => ({ _id: n as never, ...place })),
    );
  });

  test.each<Case>([
    [
      'in a box',
      {
        flat: {
          $geoWithin: {
            $box: [
              [0, 0],
              [2, 2],
            ],
          },
        },
      },
      [0, 1],
    ],
    ['in a circle', { flat: { $geoWithin: { $center: [[0, 0], 1.5] } } }, [0, 1]],
    [
      'in a circle on a sphere',
      { flat: { $geoWithin: { $centerSphere: [[0, 0], 0.03] } } },
      [0, 1],
    ],
    [
      'in a ring',
      {
        flat: {
          $geoWithin: {
            $polygon: [
              [4, 4],
              [4, 6],
              [6, 6],
              [6, 4],
            ],
          },
        },
      },
      [2],
    ],
    ['in an area', { at: { $geoWithin: { $geometry: square(-1, 6) } } }, [0, 1, 2]],
    ['an area in an area', { at: { $geoWithin: { $geometry: square(19, 31) } } }, [3]],
    ['an area around a place', { at: { $geoIntersects: { $geometry: point(25, 25) } } }, [3]],
    ['areas that overlap', { at: { $geoIntersects: { $geometry: square(4, 21) } } }, [2, 3]],
    [
      'on a line',
      {
        at: {
          $geoIntersects: {
            $geometry: {
              type: 'LineString',
              coordinates: [
                [15, 25],
                [40, 25],
              ],
            },
          },
        },
      },
      [3],
    ],
  ])('%s', async (_title, filter, ids) => {
    const found = await places.find(filter).sort({ _id: 1 }).toArray();
    expect(found.map(({ _id }) => Number(_id))).toEqual(ids);
  });

  test.each<Case>([
    ['in metres', { at: { $near: { $geometry: point(1, 1), $maxDistance: 800_000 } } }, [1, 0, 2]],
    [
      'and not too near',
      { at: { $near: { $geometry: point(5, 5), $minDistance: 10, $maxDistance: 700_000 } } },
      [1],
    ],
    ['on a plane', { flat: { $near: [4, 4], $maxDistance: 5 } }, [2, 1]],
    [
      'on a sphere',
      { at: { $nearSphere: { $geometry: point(5, 5), $maxDistance: 800_000 } } },
      [2, 1, 0],
    ],
  ])('near another, the nearest first: %s', async (_title, filter, ids) => {
    const found = await places.find(filter).toArray();
    expect(found.map(({ _id }) => Number(_id))).toEqual(ids);
  });

  test('near another in a pipeline', async () => {
    const stage = { near: point(1, 1), distanceField: 'far.off', key: 'at', maxDistance: 200_000 };
    const found = await places.aggregate([{ $geoNear: { ...stage, spherical: true } }]).toArray();
    expect(found).toMatchObject([
      { _id: 1, far: { off: 0 } },
      { _id: 0, far: { off: expect.closeTo(157_426, -3) } },
    ]);
  });

  test('of no known shape is refused', async () => {
    const filter = { at: { $geoWithin: { $geometry: { type: 'Nope', coordinates: [] } } } };
    await expect(places.find(filter).toArray()).rejects.toMatchObject({ code: 2 });
  });
});
