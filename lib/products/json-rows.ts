import { MalformedText, parseJson } from '../http/json.ts';
import { type FileRow, MAX_ROWS } from './file-row.ts';

/**
 * The rows of a JSON array. It is one text: what is no JSON in one row makes the whole unreadable. NDJSON
 * has no such rows.
 *
 * @throws {MalformedText} when the text is no array, or `parseJson()` refuses something in it
 */
export function readJsonRows(text: string): FileRow[] {
  const values = parseJson(text);
  if (!Array.isArray(values)) throw new MalformedText('must be a JSON array of products');
  return values.map((value, index) => ({ line: index + 1, value }));
}

/** The rows of NDJSON: a JSON text on each line. Blank lines count as lines, and are no rows. */
export function readNdjsonRows(text: string): FileRow[] {
  const rows: FileRow[] = [];
  let start = 0;
  for (let line = 1; start < text.length && rows.length <= MAX_ROWS; line++) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const json = text.slice(start, end);
    if (/[^ \t\r]/.test(json)) rows.push(rowOf(line, json));
    start = end + 1;
  }
  return rows;
}

function rowOf(line: number, json: string): FileRow {
  try {
    return { line, value: parseJson(json) };
  } catch (error) {
    if (error instanceof MalformedText) return { line, fault: error.reason };
    throw error;
  }
}
