import { numeric } from '../bson/compare.ts';
import { isView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { reach } from '../storage/paths.ts';
import {
  angle,
  intersect,
  isInAreas,
  isInRing,
  metres,
  type Point,
  plane,
  pointOf,
  pointsOf,
  type Shape,
  shapeOf,
} from './geo-shapes.ts';

type Test = (value: unknown) => boolean;
type Distance = (view: View) => number | undefined;

/** What a field holds: one shape, or a list of them. */
function shapesOf(value: unknown): Shape[] {
  const shape = shapeOf(value);
  if (shape) return [shape];
  return Array.isArray(value) ? value.flatMap((item) => shapeOf(item) ?? []) : [];
}

function refuse(operator: string): never {
  throw new MongoCommandError(2, `${operator} needs a geometry that is well formed`);
}

/** Whether a point is within what $geoWithin was given. */
function area(argument: unknown): (point: Point) => boolean {
  if (!isView(argument)) return refuse('$geoWithin');
  const { $geometry, $box, $polygon, $center, $centerSphere } = argument;
  if ($geometry !== undefined) {
    const shape = shapeOf($geometry) ?? refuse('$geoWithin');
    return (point) => isInAreas(shape, point);
  }
  if ($polygon !== undefined) {
    const ring = pointsOf(isView($polygon) ? Object.values($polygon) : $polygon);
    return (point) => isInRing(ring, point);
  }
  if ($box !== undefined) {
    const [[ax, ay] = refuse('$box'), [bx, by] = refuse('$box')] = pointsOf($box);
    return ([x, y]) =>
      x >= Math.min(ax, bx) &&
      x <= Math.max(ax, bx) &&
      y >= Math.min(ay, by) &&
      y <= Math.max(ay, by);
  }
  const circle = $center ?? $centerSphere;
  const [place, radius]: unknown[] = Array.isArray(circle) ? circle : [];
  const middle = pointOf(place) ?? refuse('$geoWithin');
  const distance = $center === undefined ? angle : plane;
  return (point) => distance(middle, point) <= numeric(radius);
}

/** The test of $geoWithin: all of a shape is in the area. */
export function within(argument: unknown): Test {
  const contains = area(argument);
  return (value) =>
    shapesOf(value).some(({ points }) => points.length > 0 && points.every(contains));
}

/** The test of $geoIntersects. */
export function intersecting(argument: unknown): Test {
  const other = shapeOf(isView(argument) ? argument.$geometry : undefined);
  if (!other) return refuse('$geoIntersects');
  return (value) => shapesOf(value).some((shape) => intersect(shape, other));
}

/** How far from the place of a $near a document is, or undefined if it is not near enough. */
export function distanceOf(path: string, condition: View): Distance {
  const spherical = '$nearSphere' in condition;
  const argument = condition.$near ?? condition.$nearSphere;
  const near = isView(argument) && '$geometry' in argument ? argument : undefined;
  const place = near ? shapeOf(near.$geometry)?.points[0] : pointOf(argument);
  if (!place) return refuse('$near');
  const options: View = { ...condition, ...near };
  const measure = near ? metres : spherical ? angle : plane;
  const most = numeric(options.$maxDistance ?? Number.POSITIVE_INFINITY);
  const least = numeric(options.$minDistance ?? 0);
  const parts = path.split('.');
  return (view) => {
    let nearest: number | undefined;
    reach(view, parts, (value) => {
      for (const point of shapesOf(value).flatMap(({ points }) => points)) {
        const distance = measure(place, point);
        if (distance >= least && distance <= most)
          nearest = Math.min(nearest ?? distance, distance);
      }
      return false;
    });
    return nearest;
  };
}

/** Whether a condition is one of nearness. */
export function isNear(condition: unknown): condition is View {
  return isView(condition) && ('$near' in condition || '$nearSphere' in condition);
}

/** The test of $near and $nearSphere, with their distance limits. */
export function nearby(path: string, condition: View): (view: View) => boolean {
  const distance = distanceOf(path, condition);
  return (view) => distance(view) !== undefined;
}

/** How far a query's matches are from the place it names, by which they are ordered. */
export function nearness(filter: View): Distance | undefined {
  for (const [path, condition] of Object.entries(filter)) {
    if (isNear(condition)) return distanceOf(path, condition);
  }
  return undefined;
}
