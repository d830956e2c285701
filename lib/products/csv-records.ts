import { CsvError, parse } from 'csv-parse/sync';
import { MalformedText } from '../http/json.ts';
import { MAX_ROWS } from './file-row.ts';

/** A record of CSV: its cells, as many as the header has; or why it could not be read. */
export type CsvRecord = {
  /** The line of the text on which it begins, from 1. */
  line: number;
} & ({ cells: string[] } | { fault: string });

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * A text may make the reader look back so often: each time costs as much as a hundred good records, and a text
 * that is nothing but quotes would keep it for half a minute.
 */
const MAX_LOOK_BACKS = 5_000;

/** A record has swallowed others: one of its quotes opens a cell that another record's quote closes. */
class StrayQuote extends Error {}

/**
 * The records of a CSV text (RFC 4180, also with LF alone, or CR alone in a text that has no LF). Lines that
 * are empty are no records.
 *
 * A record that cannot be read costs as little as possible. One with too many cells or too few costs itself.
 * A quote in the wrong place may have swallowed the records behind it: it costs the line where its record
 * begins, and reading goes on with the next line.
 *
 * @throws {MalformedText} when the first record, the header, cannot be read, or there is none; or when there
 *   are thousands of quotes in the wrong place
 */
export function readCsvRecords(text: string): { header: string[]; records: CsvRecord[] } {
  const bytes = Buffer.from(text);
  const options = {
    record_delimiter: text.includes('\n') ? ['\r\n', '\n'] : ['\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    // The header, and one row too many.
    to: MAX_ROWS + 2,
  };
  const newline = text.includes('\n') ? LINE_FEED : CARRIAGE_RETURN;
  const lineAt = lineCounter(bytes, newline);
  const records: CsvRecord[] = [];
  let header: string[] | undefined;
  let looksBack = 0;
  const lookBack = () => {
    looksBack += 1;
    if (looksBack <= MAX_LOOK_BACKS) return;
    throw new MalformedText('must not contain thousands of misplaced quotes');
  };

  /** Reads on from a byte, to the end or to a quote in the wrong place, and gives where to read on from. */
  const readFrom = (start: number): number => {
    let end = start;
    try {
      parse(bytes.subarray(start), {
        ...options,
        // Taken here and not from what parse() returns: of a text with a fault, that returns nothing.
        on_record: (cells: string[], { bytes: length }) => {
          const begin = skipEmptyLines(bytes, end);
          header ??= cells;
          const isWhole = cells.length === header.length;
          if (!isWhole && hasSwallowed(begin, start + length)) throw new StrayQuote();
          end = start + length;
          const line = lineAt(begin);
          const count = `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}`;
          const fault = `has ${count}, but the header has ${header.length}`;
          if (cells !== header) records.push(isWhole ? { line, cells } : { line, fault });
          return null;
        },
      });
      return bytes.length;
    } catch (error) {
      if (!(error instanceof CsvError || error instanceof StrayQuote)) throw error;
      if (!header) throw new MalformedText('must begin with a header line of column names', error);
      lookBack();
      const begin = skipEmptyLines(bytes, end);
      const fault = 'has a misplaced quote: quotes must enclose a cell, and be doubled inside it';
      records.push({ line: lineAt(begin), fault });
      return endOfLine(bytes, begin, newline);
    }
  };
  /** Whether a line within a record would be a record by itself. */
  const hasSwallowed = (begin: number, end: number): boolean => {
    const inside = bytes.subarray(endOfLine(bytes, begin, newline), end);
    if (inside.length === 0 || !header) return false;
    lookBack();
    const line = header.map(() => 'x').join();
    const { records: found } = readCsvRecords(`${line}${String.fromCharCode(newline)}${inside}`);
    return found.some((record) => 'cells' in record);
  };

  for (let at = 0; at < bytes.length && records.length <= MAX_ROWS; ) at = readFrom(at);
  if (!header) throw new MalformedText('must begin with a header line of column names');
  return { header, records };
}

/** Tells on which line a byte stands. It counts on from the last one that it was asked for. */
function lineCounter(bytes: Buffer, newline: number): (offset: number) => number {
  let line = 1;
  let next = bytes.indexOf(newline);
  return (offset) => {
    for (; next !== -1 && next < offset; line++) next = bytes.indexOf(newline, next + 1);
    return line;
  };
}

function skipEmptyLines(bytes: Buffer, offset: number): number {
  let at = offset;
  while (bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN) at++;
  return at;
}

function endOfLine(bytes: Buffer, offset: number, newline: number): number {
  const end = bytes.indexOf(newline, offset);
  return end === -1 ? bytes.length : end + 1;
}
