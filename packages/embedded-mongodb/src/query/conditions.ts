import { rank, rankOf } from '../bson/compare.ts';
import { sortKey } from '../bson/sort-key.ts';
import { isView, type View } from '../bson/values.ts';
import {
  above,
  beginningWith,
  emptyArrayPoint,
  everything,
  type Interval,
  type Intervals,
  nullPoint,
  pointAt,
  union,
} from './intervals.ts';

const wholeOf = (kind: number) => String.fromCharCode(kind);

/** What every match of an anchored pattern begins with, or undefined if nothing is known. */
function literalBeginning({ source, flags }: RegExp): string | undefined {
  if (!source.startsWith('^') || /[imx]/.test(flags) || source.includes('|')) return undefined;
  let text = '';
  for (let at = 1; at < source.length; at++) {
    let unit = source[at] ?? '';
    if (unit === '\\') {
      unit = source[at + 1] ?? '';
      if (/[a-z0-9]/i.test(unit)) break;
      at += 1;
    } else if ('.[(*+?{$^)'.includes(unit)) {
      break;
    }
    // What may be missing or repeated is no part of the beginning.
    if ('*?{'.includes(source[at + 1] ?? ' ')) break;
    text += unit;
  }
  return text;
}

function matchedBy(pattern: RegExp): Intervals {
  const beginning = literalBeginning(pattern) ?? '';
  const key = sortKey(beginning);
  // Without the character that ends a string's key.
  const strings = beginningWith(key.slice(0, -1));
  return union([strings, beginningWith(wholeOf(rank.regex))]);
}

/**
 * The keys of an index under which a value's equals are filed.
 *
 * @param value a literal of a query; a regular expression stands for what it matches
 */
export function equalTo(value: unknown): Intervals {
  if (value instanceof RegExp) return matchedBy(value);
  if (!Array.isArray(value)) return [pointAt(value)];
  // An array is filed by its elements, and as a whole only inside another array.
  const first = value.length === 0 ? emptyArrayPoint : pointAt(value[0]);
  return union([first, pointAt(value)]);
}

/** Keys of the value's type that are beyond it, one way or the other. */
function beyond(operator: string, value: unknown): Intervals | undefined {
  const kind = rankOf(value);
  if (kind === rank.minKey || kind === rank.maxKey) return everything;
  if (kind === rank.null) return [nullPoint];
  if (kind === rank.array || kind === rank.regex) return undefined;
  const key = sortKey(value);
  if (operator.startsWith('$g')) {
    const low = operator === '$gt' ? (above(key) ?? key) : key;
    return [{ low, high: above(wholeOf(kind)), isPoint: false }];
  }
  const high = operator === '$lte' ? above(key) : key;
  return [{ low: wholeOf(kind), high, isPoint: false }];
}

/**
 * The keys under which every value that satisfies an operator is filed, and maybe others.
 *
 * @param operator a query operator's name
 * @param argument its plain argument
 * @param condition the whole condition it is part of, for the options of a pattern
 * @returns undefined if it may be any key
 */
export function intervalsOf(
  operator: string,
  argument: unknown,
  condition: View,
): Intervals | undefined {
  switch (operator) {
    case '$eq':
      return equalTo(argument);
    case '$in':
      return Array.isArray(argument)
        ? union(argument.flatMap((item): readonly Interval[] => equalTo(item)))
        : undefined;
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return beyond(operator, argument);
    case '$exists':
      return argument ? undefined : [nullPoint];
    case '$regex': {
      const options = String(condition.$options ?? '');
      if (/[imx]/.test(options)) return undefined;
      if (argument instanceof RegExp) return matchedBy(argument);
      return typeof argument === 'string' ? patternIntervals(argument) : undefined;
    }
    default:
      return undefined;
  }
}

function patternIntervals(source: string): Intervals | undefined {
  try {
    return matchedBy(new RegExp(source));
  } catch {
    // Not valid in JavaScript. Running the query reports the error.
    return undefined;
  }
}

/** Whether a condition on a path is made of operators, and not a document to be equal to. */
export function hasOperators(condition: unknown): condition is View {
  return isView(condition) && Object.keys(condition).some((name) => name.startsWith('$'));
}
