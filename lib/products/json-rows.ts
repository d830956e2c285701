import { MalformedText, parseJson, TooManyValues } from '../http/json.ts';
import { scanJson } from '../http/json-scan.ts';
import { type FileRow, MAX_ROWS } from './file-row.ts';

/**
 * The maximum number of values in a row: three times as many as the largest product has. A row with more is not
 * parsed, so that it costs no memory.
 */
export const MAX_ROW_VALUES = 500;

/**
 * Returns the rows of a JSON array. It is one text: a row that is not valid JSON makes the whole file unreadable. NDJSON
 * has no such rows.
 *
 * @throws {MalformedText} when the text is not an array, or `parseJson()` rejects something in it
 */
export function readJsonRows(text: string): FileRow[] {
  const [opening] = /^[ \t\r\n]*\[/.exec(text) ?? [];
  if (!opening) throw new MalformedText('must be a JSON array of products');
  const places: number[] = [];
  scanJson(text, { items: MAX_ROWS }, (start, end) => places.push(start, end));
  const rest = text.slice(places.at(-1) ?? opening.length);
  if (!/^[ \t\r\n]*\][ \t\r\n]*$/.test(rest)) throw new MalformedText('must be valid JSON');
  const rows: FileRow[] = [];
  for (let at = 0; at < places.length; at += 2)
    rows.push(rowOf(at / 2 + 1, text.slice(places[at], places[at + 1]), TooManyValues));
  return rows;
}

/** Returns the rows of NDJSON: a JSON text on each line. Blank lines count as lines, and are not rows. */
export function readNdjsonRows(text: string): FileRow[] {
  const rows: FileRow[] = [];
  let start = 0;
  for (let line = 1; start < text.length && rows.length <= MAX_ROWS; line++) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const json = text.slice(start, end);
    if (/[^ \t\r]/.test(json)) rows.push(rowOf(line, json, MalformedText));
    start = end + 1;
  }
  return rows;
}

/** Returns a row. An error of the class `Costs` costs the row, and any other the file. */
function rowOf(line: number, json: string, Costs: typeof MalformedText): FileRow {
  try {
    return { line, value: parseJson(json, { values: MAX_ROW_VALUES }) };
  } catch (error) {
    if (error instanceof Costs) return { line, fault: error.reason };
    throw error;
  }
}
