import { isPosition } from '../bson/paths.ts';
import { isView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { emptyArray, field } from './paths.ts';

/** How far the walk along one path has come: a value, and the part of the path that is next. */
interface Step {
  readonly value: unknown;
  readonly at: number;
}

type Path = readonly string[];

/** Goes on until the path ends or meets an array. */
function advance({ value, at }: Step, parts: Path): Step {
  let [here, next] = [value, at];
  while (next < parts.length) {
    const part = parts[next] ?? '';
    if (isView(here)) here = field(here, part);
    else if (!Array.isArray(here)) return done(undefined, parts);
    else if (isPosition(part) && Number(part) < here.length) here = here[Number(part)];
    else return { value: here, at: next };
    next += 1;
  }
  return { value: here, at: next };
}

/** A step that goes no further, even if its value is an array. */
function done(value: unknown, parts: Path): Step {
  return { value, at: parts.length + 1 };
}

function isAtArray({ value, at }: Step, parts: Path): boolean {
  return at <= parts.length && Array.isArray(value);
}

function into(element: unknown, { at }: Step, parts: Path): Step {
  if (at === parts.length) return done(element, parts);
  return isView(element) ? { value: element, at } : done(undefined, parts);
}

function expand(
  paths: readonly Path[],
  from: readonly Step[],
  onArray: (prefix: string) => void,
): unknown[][] {
  const steps = paths.map((parts, n) => {
    const step = from[n];
    return step && step.at <= parts.length ? advance(step, parts) : (step ?? done(null, parts));
  });
  let array: unknown[] | undefined;
  let name = '';
  for (const [n, step] of steps.entries()) {
    const parts = paths[n] ?? [];
    if (!isAtArray(step, parts)) continue;
    if (array !== undefined && array !== step.value) {
      throw new MongoCommandError(171, `cannot index parallel arrays [${parts.at(-1)}] [${name}]`);
    }
    array = step.value as unknown[];
    name = parts.at(-1) ?? '';
    onArray(parts.slice(0, step.at).join('.'));
  }
  if (array === undefined) return [steps.map(({ value }) => value)];
  const nextOf = (element: unknown) =>
    steps.map((step, n) => {
      const parts = paths[n] ?? [];
      return isAtArray(step, parts) ? into(element, step, parts) : step;
    });
  if (array.length === 0) return expand(paths, nextOf(emptyArray), onArray);
  return array.flatMap((element) => expand(paths, nextOf(element), onArray));
}

/**
 * The rows of values that an index on several paths files a document under: one row, or one for
 * each element of the array that some of the paths lead through.
 *
 * @param view the document
 * @param paths the index's paths, split at their dots
 * @param onArray called with each path, or part of a path, at which there is an array
 * @returns rows with a value for each path: undefined where it leads nowhere, emptyArray for `[]`
 * @throws MongoCommandError 171 when the paths lead through two different arrays
 */
export function indexRows(
  view: View,
  paths: readonly Path[],
  onArray: (prefix: string) => void,
): unknown[][] {
  const start = { value: view, at: 0 };
  return expand(
    paths,
    paths.map(() => start),
    onArray,
  );
}
