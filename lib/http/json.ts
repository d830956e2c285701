import { type JsonLimits, MalformedText, scanJson } from './json-scan.ts';

export { MalformedText, TooManyValues } from './json-scan.ts';

/**
 * Parses JSON strictly: it rejects what JavaScript or MongoDB would change silently, and what parsers interpret
 * differently. The text is scanned before it is parsed, so that a text which exceeds the limits costs no memory.
 *
 * @throws {MalformedText} when it is not valid JSON, has a number that a double cannot represent, a member
 *   `__proto__`, duplicate member names, an unpaired surrogate, or more than 100 levels of nesting
 * @throws {TooManyValues} when it exceeds `limits`
 */
export function parseJson(text: string, limits?: JsonLimits): unknown {
  return parseScanned(text, scanJson(text, limits));
}

/**
 * Parses JSON like {@link parseJson}, after `scanJson()` has accepted it.
 *
 * @param counts.names how many names of members the scan has found
 * @throws {MalformedText} as {@link parseJson}
 */
export function parseScanned(text: string, { names }: { names: number }): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MalformedText('must be valid JSON', error);
  }
  // Of duplicates, the parsed value keeps only one.
  if (names > 0 && countMembers(value) < names)
    throw new MalformedText('must not have duplicate member names');
  return value;
}

type Json = Record<string, unknown>;

/**
 * Counts the members of a value and of all values in it. It rejects a member `__proto__`, which would replace the
 * prototype of an object that is copied member by member.
 */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const element of value) count += countMembers(element);
    return count;
  }
  if (Object.hasOwn(value, '__proto__'))
    throw new MalformedText('must not contain a member named __proto__');
  for (const name in value) count += 1 + countMembers((value as Json)[name]);
  return count;
}
