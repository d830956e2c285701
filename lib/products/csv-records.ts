import { MalformedText } from '../http/json.ts';
import { CsvScanner, type Scanned } from './csv-scanner.ts';
import { MAX_ROWS } from './file-row.ts';

/** A record of CSV: where its cells are, as many as the header has; or why it could not be read. */
export type CsvRecord = {
  /** The line of the text on which it begins, from 1. */
  line: number;
} & ({ read: () => string[] } | { fault: string });

/**
 * The maximum number of misplaced quotes. Each can make the reader go back, and they are rarely more than a few: a file
 * with thousands is not CSV.
 */
const MAX_LOOK_BACKS = 5_000;
/** How often the reader may go over a text in all, however its quotes are placed. */
const MAX_PASSES = 4;
/** The number of characters that may be read in any case, so that a small file is never rejected for its time. */
const FREE_CHARACTERS = 1_000_000;

/** Checks a header and throws if it is not acceptable. */
type HeaderCheck = (header: string[]) => void;

/**
 * Reads the records of a CSV text (RFC 4180, also with LF alone, or CR alone in a text without LF). Empty lines are not
 * records. The header is checked before anything else is read.
 *
 * A record that cannot be read costs as little as possible. One with too many cells or too few costs itself.
 * A misplaced quote may have swallowed the records behind it: it costs the line where its record begins, and reading
 * continues with the next line.
 *
 * @param checkHeader receives at most `maxColumns + 1` names
 * @throws {MalformedText} when the first record, the header, cannot be read, or there is none; or when there
 *   are thousands of misplaced quotes
 */
export function readCsvRecords(
  text: string,
  checkHeader: HeaderCheck = () => {},
  maxColumns = Number.POSITIVE_INFINITY,
): { header: string[]; records: CsvRecord[] } {
  const scanner = new CsvScanner(text);
  const budget = MAX_PASSES * text.length + FREE_CHARACTERS;
  let lookBackCount = 0;
  const lookBack = () => {
    lookBackCount += 1;
    if (lookBackCount > MAX_LOOK_BACKS || scanner.scanned > budget)
      throw new MalformedText('must not contain thousands of misplaced quotes');
  };

  const first = scanner.scan(scanner.skipEmptyLines(0));
  if (first.isFaulty || first.count === 0)
    throw new MalformedText('must begin with a header line of column names');
  const header = scanner.cells(first, maxColumns + 1);
  checkHeader(header);
  const width = header.length;

  /** Whether a line within a record would be a record by itself: then one of its quotes has swallowed that line. */
  const hasSwallowed = ({ start, end }: Scanned): boolean => {
    let at = scanner.nextLine(start);
    if (at >= end) return false;
    lookBack();
    for (at = scanner.skipEmptyLines(at); at < end; at = scanner.skipEmptyLines(at)) {
      const inner = scanner.scan(at);
      if (!inner.isFaulty && inner.count === width && inner.end <= end) return true;
      lookBack();
      at = scanner.nextLine(at);
    }
    return false;
  };

  const records: CsvRecord[] = [];
  const lineAt = lineCounter(scanner);
  let at = scanner.skipEmptyLines(first.end);
  while (at < text.length && records.length <= MAX_ROWS) {
    const record = scanner.scan(at);
    const { isFaulty, count } = record;
    const line = lineAt(at);
    if (isFaulty || (count !== width && hasSwallowed(record))) {
      lookBack();
      const fault = 'has a misplaced quote: quotes must enclose a cell, and be doubled inside it';
      records.push({ line, fault });
      at = scanner.nextLine(at);
    } else {
      if (count === width) records.push({ line, read: () => scanner.cells(record, width) });
      else {
        const cells = `${count} ${count === 1 ? 'cell' : 'cells'}`;
        records.push({ line, fault: `has ${cells}, but the header has ${width}` });
      }
      at = record.end;
    }
    at = scanner.skipEmptyLines(at);
  }
  return { header, records };
}

/** Returns a function that returns the line number of an offset. Offsets must not decrease, because it continues from the previous one. */
function lineCounter(scanner: CsvScanner): (offset: number) => number {
  let line = 1;
  let next = scanner.nextLine(0);
  return (offset) => {
    for (; next <= offset; line++) {
      if (next === scanner.text.length) break;
      next = scanner.nextLine(next);
    }
    return line;
  };
}
