/** A text is not in the expected format: JSON, or another one that an operation reads. */
export class MalformedText extends Error {
  override readonly name: string = 'MalformedText';
  /** What is wrong, as a predicate: "must be valid JSON". */
  readonly reason: string;

  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** A JSON text has more values than its reader accepts. */
export class TooManyValues extends MalformedText {
  override readonly name = 'TooManyValues';
}

/** How much a JSON text may contain. Without a limit, as much as its length allows. */
export interface JsonLimits {
  /** The maximum number of values: each object, array, string, number and literal is one. */
  values?: number;
  /** The maximum number of elements of an array that is the whole text. */
  items?: number;
}

/** The maximum depth, so that recursive functions such as those that check and merge do not overflow the stack. */
const MAX_DEPTH = 100;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const SMALL_A = 0x61;
const SMALL_U = 0x75;
const SMALL_Z = 0x7a;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;

/**
 * Goes through a JSON text once, without creating what it describes, and counts the names of its members. Whether the
 * text is JSON is for `JSON.parse()` to say; this finds what `JSON.parse()` does not report.
 *
 * @param onItem called for each element of an array that is the whole text, with where it begins and ends, and how many values
 *   and names of members it contains
 * @throws {TooManyValues} as soon as the text exceeds a limit
 * @throws {MalformedText} when it is nested too deeply, or contains an unpaired surrogate or a number that a double
 *   cannot represent
 */
export function scanJson(
  text: string,
  { values: maxValues = Infinity, items: maxItems = Infinity }: JsonLimits = {},
  onItem?: (start: number, end: number, counts: { values: number; names: number }) => void,
): { names: number } {
  let names = 0;
  let values = 0;
  let depth = 0;
  let items = 0;
  let itemStart = -1;
  let valuesBefore = 1;
  let namesBefore = 0;
  let backslash = text.indexOf('\\');
  const { length } = text;

  const endItem = (end: number) => {
    items += 1;
    if (items > maxItems) throw new TooManyValues(`must have at most ${maxItems} items`);
    onItem?.(itemStart, end, { values: values - valuesBefore, names: names - namesBefore });
    itemStart = end + 1;
    valuesBefore = values;
    namesBefore = names;
  };

  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code <= SPACE || code === COLON) continue;
    if (code === COMMA) {
      if (depth === 1 && itemStart >= 0) endItem(at);
      continue;
    }
    if (code === CLOSING_BRACE || code === CLOSING_BRACKET) {
      depth -= 1;
      // An array without values has no elements. One with a comma and nothing behind it is not valid JSON.
      if (depth === 0 && itemStart >= 0) {
        if (items > 0 || values > 1) endItem(at);
        itemStart = -1;
      }
      continue;
    }
    if (code === QUOTE) {
      let end = text.indexOf('"', at + 1);
      while (backslash !== -1 && backslash < at) backslash = text.indexOf('\\', at);
      if (backslash !== -1 && backslash < end) end = endOfEscaped(text, backslash);
      if (end === -1) end = length;
      at = end;
      let next = end + 1;
      while (text.charCodeAt(next) <= SPACE) next++;
      if (text.charCodeAt(next) === COLON) names += 1;
      else values += 1;
    } else {
      values += 1;
      if (code === OPENING_BRACE || code === OPENING_BRACKET) {
        depth += 1;
        if (depth > MAX_DEPTH)
          throw new MalformedText(`must be nested at most ${MAX_DEPTH} levels deep`);
        if (values === 1 && code === OPENING_BRACKET) itemStart = at + 1;
      } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
        at = endOfNumber(text, at) - 1;
      } else {
        at += 1;
        for (let letter = text.charCodeAt(at); letter >= SMALL_A && letter <= SMALL_Z; )
          letter = text.charCodeAt(++at);
        at -= 1;
      }
    }
    if (values > maxValues)
      throw new TooManyValues(
        `must have at most ${maxValues} values, counting each object, array, string, number and literal`,
      );
  }
  return { names };
}

/** Returns where a string ends that has an escape at `at`; -1 when it does not end. Rejects unpaired surrogates. */
function endOfEscaped(text: string, at: number): number {
  let high = false;
  for (let next = at; next < text.length; next++) {
    const code = text.charCodeAt(next);
    let isHigh = false;
    let isLow = false;
    if (code === BACKSLASH) {
      next += 1;
      if (text.charCodeAt(next) === SMALL_U) {
        const unit = Number.parseInt(text.slice(next + 1, next + 5), 16);
        isHigh = unit >= 0xd800 && unit <= 0xdbff;
        isLow = unit >= 0xdc00 && unit <= 0xdfff;
        next += 4;
      }
    }
    // UTF-8 cannot represent one without the other, and the text itself has none.
    if (high !== isLow) throw new MalformedText('must not contain an unpaired surrogate');
    if (code === QUOTE) return next;
    high = isHigh;
  }
  return -1;
}

/** Returns where a number ends. Rejects one that a double would change: JSON has numbers of any size and precision. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  let digits = 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code >= ZERO && code <= NINE) digits += 1;
    else if (!isInNumber(code)) break;
    else if ((code | 0x20) === 0x65) digits += 16;
  }
  if (digits > 15) refuseLossy(text.slice(start, end));
  return end;
}

/** Whether a number can contain it: `+`, `-`, `.`, `e` or `E`. */
const isInNumber = (code: number): boolean =>
  code === 0x2b || code === MINUS || code === 0x2e || code === 0x45 || code === 0x65;

function refuseLossy(source: string): void {
  const value = Number(source);
  // What is not a number at all is for JSON.parse() to reject.
  if (Number.isNaN(value)) return;
  if (!Number.isFinite(value) || (/^-?\d+$/.test(source) && !Number.isSafeInteger(value)))
    throw new MalformedText(
      `must not contain the number ${source.slice(0, 30)}, which is too large`,
    );
  if (value === 0 && /^[^eE]*[1-9]/.test(source))
    throw new MalformedText(
      `must not contain the number ${source.slice(0, 30)}, which is too small`,
    );
}
