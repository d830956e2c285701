/*
 * The cells of CSV.
 *
 * An empty cell has no value. A cell that a spreadsheet would run as a formula, since it begins with one of
 * = + - @, a tab or a carriage return, is written with a leading apostrophe. So is the empty text, because a spreadsheet
 * drops the quotes of an empty cell; and so is a text that already looks escaped. Reading removes exactly one apostrophe,
 * so that any text survives writing and reading.
 */

const TO_DEFUSE = /^'*(?:[=+\-@\t\r]|$)/;
const DEFUSED = /^'+(?:[=+\-@\t\r]|$)/;

/** Returns the cell of a text, which is empty for undefined. */
export function cellOf(text: string | undefined): string {
  if (text === undefined) return '';
  return TO_DEFUSE.test(text) ? `'${text}` : text;
}

/** Returns the text of a cell, or null when the cell is empty. */
export function textOf(cell: string): string | null {
  if (cell === '') return null;
  return DEFUSED.test(cell) ? cell.slice(1) : cell;
}

/** Joins tags to one text, `a|b`. A pipe or a backslash in a tag is escaped with a backslash. */
export const joinTags = (tags: string[]): string =>
  tags.map((tag) => tag.replace(/[|\\]/g, '\\$&')).join('|');

/**
 * Returns the tags that {@link joinTags} joined, at most `most` of them. A backslash before any other character
 * is literal.
 */
export function splitTags(text: string, most = Number.POSITIVE_INFINITY): string[] {
  if (!text.includes('\\')) return text.split('|', Math.min(most, text.length + 1));
  const tags: string[] = [];
  for (let start = 0; start <= text.length && tags.length < most; ) {
    let end = start;
    while (end < text.length && text[end] !== '|') end += isEscape(text, end) ? 2 : 1;
    tags.push(text.slice(start, end).replace(/\\([|\\])/g, '$1'));
    start = end + 1;
  }
  return tags;
}

/** Whether a backslash at a place escapes what is behind it. */
const isEscape = (text: string, at: number): boolean =>
  text[at] === '\\' && (text[at + 1] === '|' || text[at + 1] === '\\');
