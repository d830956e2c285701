import { createReadStream } from 'node:fs';

/**
 * Yields the lines of a file of NDJSON, without empty ones. Only a line feed ends a line: JSON may contain U+2028, at which
 * `node:readline` would split it.
 */
export async function* linesIn(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line) yield line;
  }
  if (rest) yield rest;
}

/** What a request contains at most, far below the limits of import-products and ingest-archive. */
const MAX_LINES = 2_000;
const MAX_BYTES = 2_000_000;

/** Yields the lines of a file of NDJSON in parts that fit into a request. */
export async function* partsOf(path: string): AsyncGenerator<string[]> {
  let lines: string[] = [];
  let bytes = 0;
  for await (const line of linesIn(path)) {
    const size = Buffer.byteLength(line) + 1;
    if (lines.length > 0 && (lines.length === MAX_LINES || bytes + size > MAX_BYTES)) {
      yield lines;
      lines = [];
      bytes = 0;
    }
    lines.push(line);
    bytes += size;
  }
  if (lines.length > 0) yield lines;
}
