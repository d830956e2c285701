import * as z from 'zod/mini';

/*
 * Single lines of text. `line()` is for responses and stored documents, which may be older than the other rules.
 * `searchedLine()` is for texts that requests search for, and `newLine()` for texts that requests write.
 *
 * One text can be written with different code points: é is one, or an e and a combining accent, as in file names on
 * macOS. Requests are normalized (Unicode NFC), so that both forms are equal.
 */

/** A single line of text: not blank, without control characters, or leading or trailing whitespace. */
export const line = (maximum: number) =>
  withPlain(maximum, z.string().check(z.maxLength(maximum), z.regex(LINE, { error: NOT_A_LINE })));

/** A single line of text, normalized. */
export const searchedLine = (maximum: number) =>
  withPlain(
    maximum,
    z
      .string()
      .check(z.overwrite(normalized), z.maxLength(maximum), z.regex(LINE, { error: NOT_A_LINE })),
  );

/** A single line of text, normalized, in which a reader sees what it contains, and in the order in which it is stored. */
export const newLine = (maximum: number) =>
  withPlain(
    maximum,
    searchedLine(maximum).check(
      without(BIDI_CONTROL, 'must not contain a character that controls the direction of text'),
      without(INVISIBLE, 'must contain a visible character'),
      without(LONG_MARKS, `must not have more than ${MAX_MARKS} combining marks in a row`),
    ),
  );

/** An identifier: a {@link newLine} without any invisible character, so that different ones look different. */
export const newIdentifier = (maximum: number) =>
  withPlain(
    maximum,
    newLine(maximum).check(
      without(IGNORABLE, 'must not contain an invisible character, such as a zero-width space'),
    ),
  );

/** A text of printable ASCII without spaces at its ends: all schemas of this file accept it unchanged, up to their length. */
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/;
const maximumOfLine = new WeakMap<object, number>();

function withPlain(maximum: number, schema: z.ZodMiniString): z.ZodMiniString {
  maximumOfLine.set(schema, maximum);
  return schema;
}

/**
 * Returns a quick test of a text for a schema of this file: a text that passes is valid, and one that does not may be. Returns
 * undefined for another schema.
 */
export function plainTest(schema: object): ((text: string) => boolean) | undefined {
  const maximum = maximumOfLine.get(schema);
  if (maximum === undefined) return undefined;
  return (text) => text.length <= maximum && PLAIN.test(text);
}

const LINE = /^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u;
const NOT_A_LINE =
  'must be a single line of text, not blank, without leading or trailing whitespace';

const BIDI_CONTROL = /\p{Bidi_Control}/u;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/u;
/** U+2800 is the blank pattern of Braille. */
const INVISIBLE = /^[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** The maximum of Unicode's Stream-Safe Text Format (UAX #15), since normalizing takes quadratic time in such a row. */
const MAX_MARKS = 30;
const LONG_MARKS = new RegExp(`\\p{M}{${MAX_MARKS + 1}}`, 'u');

/** A check for a text that has passed all checks before it, so that a text has one fault. */
const without = (pattern: RegExp, error: string) =>
  z.refine<string>((text) => !pattern.test(text), {
    error,
    when: ({ issues }) => issues.length === 0,
  });

/** Returns a text in Unicode's form NFC, unless it has too many combining marks in a row. */
export const normalized = (text: string): string =>
  isNormal(text) || LONG_MARKS.test(text) ? text : text.normalize('NFC');

/**
 * Returns the forms in which a text may be stored, the text itself first: composed (Unicode NFC), and decomposed (NFD), as
 * file names on macOS are, from before requests were normalized. For most texts they are the same, and there is one.
 */
export const storedForms = (text: string): string[] =>
  isAscii(text) || LONG_MARKS.test(text)
    ? [text]
    : [...new Set([text, text.normalize('NFC'), text.normalize('NFD')])];

/** Whether all characters are below the first combining mark, so that NFC is the text itself. */
const isNormal = (text: string): boolean => !/[^\0-\u02ff]/.test(text);
const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);
