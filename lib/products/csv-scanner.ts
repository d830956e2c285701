/** A record of a CSV text, as far as it is known without its cells. */
export interface Scanned {
  start: number;
  /** Where the next record may begin. */
  end: number;
  /** Its number of cells. */
  count: number;
  /** Whether it has a quote that does not enclose a cell, or is not closed. Then the rest is not known. */
  isFaulty: boolean;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** Finds the records of a CSV text, and their cells. */
export class CsvScanner {
  readonly text: string;
  /** How many characters {@link scan} has gone over so far. */
  scanned = 0;
  /** What ends a line: LF, or CR in a text without LF. */
  readonly #newline: number;

  constructor(text: string) {
    this.text = text;
    this.#newline = text.includes('\n') ? LINE_FEED : CARRIAGE_RETURN;
  }

  /** Returns where the first line begins that is not empty, from a place where a line begins. */
  skipEmptyLines(offset: number): number {
    let at = offset;
    for (let length = this.#newlineAt(at); length > 0; length = this.#newlineAt(at)) at += length;
    return at;
  }

  /** Returns where the line behind a place begins. */
  nextLine(offset: number): number {
    const found = this.text.indexOf(String.fromCharCode(this.#newline), offset);
    return found === -1 ? this.text.length : found + 1;
  }

  /** Finds the record that begins at a place, whose line is not empty. */
  scan(start: number): Scanned {
    let count = 0;
    let at = start;
    for (;;) {
      count += 1;
      const end = this.#endOfCell(at);
      if (end === -1) {
        this.scanned += this.#reached - start;
        return { start, end: start, count, isFaulty: true };
      }
      if (this.text.charCodeAt(end) === COMMA) {
        at = end + 1;
        continue;
      }
      this.scanned += end - start;
      const isEmpty = start >= this.text.length;
      return {
        start,
        end: end + this.#newlineAt(end),
        count: isEmpty ? 0 : count,
        isFaulty: false,
      };
    }
  }

  /** Returns the cells of a record that {@link scan} has found, at most `most` of them. */
  cells({ start, count }: Scanned, most: number): string[] {
    const cells: string[] = [];
    for (let at = start; cells.length < Math.min(count, most); ) {
      const end = this.#endOfCell(at);
      const isQuoted = this.text.charCodeAt(at) === QUOTE;
      cells.push(isQuoted ? unquoted(this.text.slice(at + 1, end - 1)) : this.text.slice(at, end));
      at = end + 1;
    }
    return cells;
  }

  /** Where the last search for the end of a cell has stopped. */
  #reached = 0;

  /** Returns where the cell ends that begins at a place; -1 if it has a misplaced quote. */
  #endOfCell(start: number): number {
    const { text } = this;
    const { length } = text;
    if (text.charCodeAt(start) !== QUOTE) {
      for (let at = start; at < length; at++) {
        const code = text.charCodeAt(at);
        if (code === COMMA) return at;
        if (code > COMMA) continue;
        if (code === QUOTE) {
          this.#reached = at;
          return -1;
        }
        if (code <= CARRIAGE_RETURN && this.#newlineAt(at) > 0) return at;
      }
      return length;
    }
    for (let at = start + 1; ; at += 2) {
      at = text.indexOf('"', at);
      this.#reached = at === -1 ? length : at;
      if (at === -1) return -1;
      const code = text.charCodeAt(at + 1);
      if (code === QUOTE) continue;
      const isClosed = code === COMMA || at + 1 === length || this.#newlineAt(at + 1) > 0;
      return isClosed ? at + 1 : -1;
    }
  }

  /** Returns the length of the line break at a place; 0 if there is none. */
  #newlineAt(at: number): number {
    const code = this.text.charCodeAt(at);
    if (code === this.#newline) return 1;
    const isPair = code === CARRIAGE_RETURN && this.text.charCodeAt(at + 1) === LINE_FEED;
    return isPair && this.#newline === LINE_FEED ? 2 : 0;
  }
}

const unquoted = (text: string): string => (text.includes('"') ? text.replaceAll('""', '"') : text);
