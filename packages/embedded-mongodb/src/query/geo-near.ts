import { Lazy } from 'mingo/lazy';
import type { Any, Options } from 'mingo/types';
import { isView, toView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import { compileWith } from './filter.ts';
import { distanceOf } from './geo.ts';
import { plainNumbers } from './numbers.ts';
import { withValue } from './with-value.ts';

type Documents = ReturnType<typeof Lazy>;

/** The path of the collection's one index on places. */
function indexedPath(collection: Collection | undefined): string {
  for (const definition of collection?.definitions ?? []) {
    const key = toView(definition.get('key'));
    if (!isView(key)) continue;
    const found = Object.entries(key).find(([, kind]) => /^2d/.test(String(kind)));
    if (found) return found[0];
  }
  throw new MongoCommandError(27, '$geoNear requires a 2d or 2dsphere index, but none were found');
}

/**
 * $geoNear for pipelines on a collection: sorts its documents by their distance, and adds it to them.
 *
 * @param collection whose index names the field, unless the stage does
 */
export function geoNearOn(collection: Collection | undefined) {
  return (documents: Documents, expression: Any, options: Options): Documents => {
    const { near, distanceField, key, query, spherical, ...limits } = expression as View;
    if (typeof distanceField !== 'string') {
      throw new MongoCommandError(40414, "BSON field '$geoNear.distanceField' is missing");
    }
    const path = typeof key === 'string' ? key : indexedPath(collection);
    const onSphere = isView(near) && 'coordinates' in near;
    const range = {
      ...('maxDistance' in limits && { $maxDistance: limits.maxDistance }),
      ...('minDistance' in limits && { $minDistance: limits.minDistance }),
    };
    const place = onSphere ? { $geometry: near } : near;
    const condition = spherical === true ? { $nearSphere: place } : { $near: place };
    const distance = distanceOf(path, { ...condition, ...range });
    const matches = compileWith(isView(query) ? query : {}, options);
    const factor = Number(plainNumbers(limits.distanceMultiplier ?? 1));
    return documents.transform((items: Any[]) => {
      const near = items.flatMap((item) => {
        const at = matches(item as View) ? distance(item as View) : undefined;
        return at === undefined ? [] : [{ item: item as View, at }];
      });
      near.sort((a, b) => a.at - b.at);
      return Lazy(near.map(({ item, at }) => withValue(item, distanceField, at * factor)));
    });
  };
}
