/** A text is not in the expected format: JSON, or another one that an operation reads. */
export class MalformedText extends Error {
  override readonly name = 'MalformedText';
  /** What is wrong, as a predicate: "must be valid JSON". */
  readonly reason: string;

  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/**
 * Parses JSON strictly: it rejects what JavaScript or MongoDB would change silently, and what parsers interpret
 * differently.
 *
 * @throws {MalformedText} when it is not valid JSON, has a number that a double cannot represent, a member
 *   `__proto__`, duplicate member names, an unpaired surrogate, or more than 100 levels of nesting
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = MAY_LOSE_DIGITS.test(text) ? JSON.parse(text, refuseLossy) : JSON.parse(text);
  } catch (error) {
    if (error instanceof MalformedText) throw error;
    throw new MalformedText('must be valid JSON', error);
  }
  const members = countMembers(value, DEEPEST);
  // Each name is followed by a colon, and few colons are elsewhere: most texts need no second pass.
  if (members < colonsIn(text) && members < namesIn(text))
    throw new MalformedText('must not have duplicate member names');
  if (MAY_SPELL.test(text)) refuseIllFormed(value);
  return value;
}

/** The maximum depth, so that recursive functions such as those that check and merge do not overflow the stack. */
const DEEPEST = 100;

// Few texts need the slower checks. These two expressions find all that do, and some that do not.
const MAY_LOSE_DIGITS = /\d{16}|\d[eE][+-]?\d{2}/;
const MAY_SPELL = /\\u/;

/** Rejects a number that a double would change: JSON has numbers of any size and precision. */
function refuseLossy(_: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number') return value;
  const source = context?.source ?? '';
  if (!Number.isFinite(value) || (/^-?\d+$/.test(source) && !Number.isSafeInteger(value)))
    throw new MalformedText(
      `must not contain the number ${source.slice(0, 30)}, which is too large`,
    );
  if (value === 0 && /^[^eE]*[1-9]/.test(source))
    throw new MalformedText(
      `must not contain the number ${source.slice(0, 30)}, which is too small`,
    );
  return value;
}

type Json = Record<string, unknown>;

/**
 * Counts the members of a value and of all values in it. It rejects a member `__proto__`, which would replace the
 * prototype of an object that is copied member by member.
 */
function countMembers(value: unknown, levels: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (levels === 0) throw new MalformedText(`must be nested at most ${DEEPEST} levels deep`);
  let count = 0;
  if (Array.isArray(value)) {
    for (const element of value) count += countMembers(element, levels - 1);
    return count;
  }
  if (Object.hasOwn(value, '__proto__'))
    throw new MalformedText('must not contain a member named __proto__');
  for (const name in value) count += 1 + countMembers((value as Json)[name], levels - 1);
  return count;
}

const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SPACE = 0x20;

function colonsIn(text: string): number {
  let colons = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) colons++;
  return colons;
}

/** Counts the names in a JSON text: strings followed by a colon. Of duplicates, the parsed value keeps only one. */
function namesIn(text: string): number {
  let names = 0;
  for (let start = text.indexOf('"'); start !== -1; ) {
    let end = text.indexOf('"', start + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    let next = end + 1;
    while (text.charCodeAt(next) <= SPACE) next++;
    if (text.charCodeAt(next) === COLON) names++;
    start = text.indexOf('"', next);
  }
  return names;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}

/** Rejects an unpaired surrogate, which UTF-8 cannot represent. */
function refuseIllFormed(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed())
    throw new MalformedText('must not contain an unpaired surrogate');
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    refuseIllFormed(name);
    refuseIllFormed(member);
  }
}
