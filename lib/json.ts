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
 * The value of a JSON text, exactly: what JavaScript or MongoDB would change in silence is refused.
 *
 * @throws {MalformedText} when it is not JSON, has a number that a double cannot hold, a member `__proto__`,
 *   or half a surrogate pair
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = MAY_LOSE_DIGITS.test(text) ? JSON.parse(text, refuseLossy) : JSON.parse(text);
  } catch (error) {
    if (error instanceof MalformedText) throw error;
    throw new MalformedText('must be JSON', error);
  }
  if (MAY_NAME_OR_SPELL.test(text)) refuseUnsafe(value);
  return value;
}

// Few texts are worth a second look. These two expressions find those that are, and some that are not.
const MAY_LOSE_DIGITS = /\d{16}|\d[eE]\+?\d{2}/;
const MAY_NAME_OR_SPELL = /__proto__|\\u/i;

/** JSON has numbers of any size; a double has not. One that would come out as another number is refused. */
function refuseLossy(_: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number') return value;
  const isWhole = /^-?\d+$/.test(context?.source ?? '');
  if (Number.isFinite(value) && (!isWhole || Number.isSafeInteger(value))) return value;
  const start = context?.source?.slice(0, 30);
  throw new MalformedText(`must not have the number ${start}, which is too large`);
}

/**
 * Refuses a member `__proto__`, which replaces the prototype where an object is copied member by member,
 * and half a surrogate pair, which UTF-8 cannot hold. It keeps its own stack: a body can be deeper than ours.
 */
function refuseUnsafe(root: unknown): void {
  const pending = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === 'string' && !value.isWellFormed())
      throw new MalformedText('must not have half a surrogate pair');
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__'))
      throw new MalformedText('must not have a member __proto__');
    for (const [name, member] of Object.entries(value)) pending.push(name, member);
  }
}
