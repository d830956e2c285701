/*
 * What stands in a cell of CSV.
 *
 * An empty cell is nothing. A cell that a spreadsheet would run as a formula, since it begins with one of
 * = + - @, a tab or a carriage return, gets an apostrophe in front. So does the empty text, which is not
 * nothing: quotes around it would not live through a spreadsheet. And so does a text that looks as if it had
 * been given an apostrophe: reading takes exactly one off, and any text comes back as it was.
 */

const TO_DEFUSE = /^'*(?:[=+\-@\t\r]|$)/;
const DEFUSED = /^'+(?:[=+\-@\t\r]|$)/;

/** The cell of a text; undefined is nothing. */
export function cellOf(text: string | undefined): string {
  if (text === undefined) return '';
  return TO_DEFUSE.test(text) ? `'${text}` : text;
}

/** The text of a cell; null when it is empty. */
export function textOf(cell: string): string | null {
  if (cell === '') return null;
  return DEFUSED.test(cell) ? cell.slice(1) : cell;
}

/** Tags in one text, `a|b`: a pipe and a backslash in a tag have a backslash in front. */
export const joinTags = (tags: string[]): string =>
  tags.map((tag) => tag.replace(/[|\\]/g, '\\$&')).join('|');

/**
 * Returns the tags that {@link joinTags} joined, at most `most` of them. A backslash in front of anything else stands for
 * itself.
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
