/** A text is not in the format that it should be in: JSON, or what an operation reads besides. */
export class MalformedText extends Error {
  override readonly name = 'MalformedText';
  /** What is wrong, to go behind the name of the text: "must be JSON". */
  readonly reason: string;

  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/**
 * The value of a JSON text, exactly: what JavaScript or MongoDB would change in silence is refused, and so is
 * what two readers may understand differently.
 *
 * @throws {MalformedText} when it is not JSON, has a number that a double cannot hold, a member `__proto__`, the
 *   same member twice, half a surrogate pair, or more levels than 100
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
  // There is a colon behind each name, and seldom one elsewhere: most texts need not be read a second time.
  if (members < colonsIn(text) && members < namesIn(text))
    throw new MalformedText('must not have duplicate member names');
  if (MAY_SPELL.test(text)) refuseIllFormed(value);
  return value;
}

/** What walks through a value by recursion, as checking and merging do, must not come to the end of its stack. */
const DEEPEST = 100;

// Few texts are worth a second look. These two expressions find those that are, and some that are not.
const MAY_LOSE_DIGITS = /\d{16}|\d[eE][+-]?\d{2}/;
const MAY_SPELL = /\\u/;

/** JSON has numbers of any size; a double has not. One that would come out as another number is refused. */
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
 * How many members a value has, those within it included. It refuses a member `__proto__`, which replaces the
 * prototype where an object is copied member by member.
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

/** How many names a JSON text has: strings with a colon behind. Of a name that comes twice, the value keeps one. */
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

/** Refuses half a surrogate pair, which UTF-8 cannot hold. */
function refuseIllFormed(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed())
    throw new MalformedText('must not contain an unpaired surrogate');
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    refuseIllFormed(name);
    refuseIllFormed(member);
  }
}
