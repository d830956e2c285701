import { breather } from '../http/breathe.ts';
import { MalformedText, parseJson, parseScanned, TooManyValues } from '../http/json.ts';
import { scanJson } from '../http/json-scan.ts';
import { type FileRow, MAX_ROWS, ROWS_AT_ONCE } from './file-row.ts';

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
 * @throws the reason of `signal` when it is aborted
 */
export async function readJsonRows(text: string, signal: AbortSignal): Promise<FileRow[]> {
  const [opening] = /^[ \t\r\n]*\[/.exec(text) ?? [];
  if (!opening) throw new MalformedText('must be a JSON array of products');
  const items: { start: number; end: number; names: number; values: number }[] = [];
  scanJson(text, { items: MAX_ROWS }, (start, end, { names, values }) =>
    items.push({ start, end, names, values }),
  );
  const rest = text.slice(items.at(-1)?.end ?? opening.length);
  if (!/^[ \t\r\n]*\][ \t\r\n]*$/.test(rest)) throw new MalformedText('must be valid JSON');
  const rows: FileRow[] = [];
  const pause = breather(signal);
  for (const { start, end, names, values } of items) {
    if (rows.length % ROWS_AT_ONCE === 0) await pause();
    const line = rows.length + 1;
    const json = text.slice(start, end);
    if (values > MAX_ROW_VALUES) rows.push(rowOf(line, json, TooManyValues));
    else rows.push({ line, value: parseScanned(json, { names }) });
  }
  return rows;
}

/**
 * Returns the rows of NDJSON: a JSON text on each line. Blank lines count as lines, and are not rows.
 *
 * @throws {MalformedText} when there are too many rows
 * @throws the reason of `signal` when it is aborted
 */
export async function readNdjsonRows(text: string, signal: AbortSignal): Promise<FileRow[]> {
  const places: { line: number; start: number; end: number }[] = [];
  for (let line = 1, start = 0; start < text.length; line++) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    if (!isBlank(text, start, end)) places.push({ line, start, end });
    if (places.length > MAX_ROWS) throw new MalformedText(`must have at most ${MAX_ROWS} items`);
    start = end + 1;
  }
  const rows: FileRow[] = [];
  const pause = breather(signal);
  for (const { line, start, end } of places) {
    if (rows.length % ROWS_AT_ONCE === 0) await pause();
    rows.push(rowOf(line, text.slice(start, end), MalformedText));
  }
  return rows;
}

/** Whether a part of a text contains only spaces, tabs and carriage returns. */
function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!' \t\r'.includes(text[at] ?? '')) return false;
  return true;
}

/** Returns a row. An error of the class `RowError` makes only the row fail, and any other the file. */
function rowOf(line: number, json: string, RowError: typeof MalformedText): FileRow {
  try {
    return { line, value: parseJson(json, { values: MAX_ROW_VALUES }) };
  } catch (error) {
    if (error instanceof RowError) return { line, fault: error.reason };
    throw error;
  }
}
