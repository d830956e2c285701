import { numeric, rank, rankOf } from '../bson/compare.ts';
import { isView } from '../bson/values.ts';

export type Point = readonly [number, number];

/** What is somewhere: places, the lines between them, and areas, each a ring and its holes. */
export interface Shape {
  readonly points: readonly Point[];
  readonly lines: readonly (readonly Point[])[];
  readonly areas: readonly (readonly (readonly Point[])[])[];
}

const earthRadius = 6_378_100;
const radians = Math.PI / 180;

/** A pair of numbers, or undefined. */
export function pointOf(value: unknown): Point | undefined {
  const pair = isView(value) && !('type' in value) ? Object.values(value) : value;
  if (!Array.isArray(pair) || pair.length < 2) return undefined;
  const [x, y]: unknown[] = pair;
  if (rankOf(x) !== rank.number || rankOf(y) !== rank.number) return undefined;
  return [numeric(x), numeric(y)];
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns the points of a list. Values that are not points are omitted. */
export function pointsOf(value: unknown): Point[] {
  return list(value).flatMap((item) => {
    const point = pointOf(item);
    return point ? [point] : [];
  });
}

function shape(lines: readonly Point[][], areas: readonly Point[][][] = []): Shape {
  return { points: [...lines, ...areas.flat()].flat(), lines: [...lines, ...areas.flat()], areas };
}

/** A GeoJSON geometry or a legacy pair of coordinates; undefined for what is neither. */
export function shapeOf(value: unknown): Shape | undefined {
  const legacy = pointOf(value);
  if (legacy) return shape([[legacy]]);
  if (!isView(value)) return undefined;
  const { type, coordinates } = value;
  const rings = (polygon: unknown) => list(polygon).map(pointsOf);
  switch (type) {
    case 'Point':
      return shape([pointsOf([coordinates])]);
    case 'MultiPoint':
      return shape(pointsOf(coordinates).map((point) => [point]));
    case 'LineString':
      return shape([pointsOf(coordinates)]);
    case 'MultiLineString':
      return shape(rings(coordinates));
    case 'Polygon':
      return shape([], [rings(coordinates)]);
    case 'MultiPolygon':
      return shape([], list(coordinates).map(rings));
    default:
      return undefined;
  }
}

/** On which side of a line a point is: 0 on it. */
function side([ax, ay]: Point, [bx, by]: Point, [x, y]: Point): number {
  return Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
}

function isBetween([ax, ay]: Point, [bx, by]: Point, [x, y]: Point): boolean {
  const inX = x >= Math.min(ax, bx) && x <= Math.max(ax, bx);
  return inX && y >= Math.min(ay, by) && y <= Math.max(ay, by);
}

function segments(line: readonly Point[]): [Point, Point][] {
  const [only] = line;
  if (only && line.length === 1) return [[only, only]];
  return line.slice(1).map((end, at): [Point, Point] => [line[at] ?? end, end]);
}

function cross([a, b]: [Point, Point], [c, d]: [Point, Point]): boolean {
  const sides = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)] as const;
  if (sides[0] * sides[1] < 0 && sides[2] * sides[3] < 0) return true;
  return (
    (sides[0] === 0 && isBetween(a, b, c)) ||
    (sides[1] === 0 && isBetween(a, b, d)) ||
    (sides[2] === 0 && isBetween(c, d, a)) ||
    (sides[3] === 0 && isBetween(c, d, b))
  );
}

/** Whether a point is in a ring or on it. */
export function isInRing(ring: readonly Point[], [x, y]: Point): boolean {
  let inside = false;
  for (const [[ax, ay], [bx, by]] of segments([...ring, ...ring.slice(0, 1)])) {
    if (side([ax, ay], [bx, by], [x, y]) === 0 && isBetween([ax, ay], [bx, by], [x, y]))
      return true;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** Whether a point is in one of a shape's areas, on a plane. */
export function isInAreas({ areas }: Shape, point: Point): boolean {
  return areas.some(
    ([ring = [], ...holes]) =>
      isInRing(ring, point) && !holes.some((hole) => isInRing(hole, point)),
  );
}

/** Whether two shapes have a point in common, on a plane. */
export function intersect(a: Shape, b: Shape): boolean {
  if (a.points.some((point) => isInAreas(b, point))) return true;
  if (b.points.some((point) => isInAreas(a, point))) return true;
  const others = b.lines.flatMap(segments);
  return a.lines.flatMap(segments).some((one) => others.some((other) => cross(one, other)));
}

/** The angle between two places on a sphere. */
export function angle([ax, ay]: Point, [bx, by]: Point): number {
  const half = (degrees: number) => Math.sin((degrees * radians) / 2) ** 2;
  const chord = half(by - ay) + Math.cos(ay * radians) * Math.cos(by * radians) * half(bx - ax);
  return 2 * Math.asin(Math.min(Math.sqrt(chord), 1));
}

/** The distance between two places on the Earth. */
export function metres(a: Point, b: Point): number {
  return angle(a, b) * earthRadius;
}

/** The distance between two points of a plane. */
export function plane([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(bx - ax, by - ay);
}
