import { MAX_FAULTS, pointerTo } from '../http/faults.ts';
import { type Fault, InvalidRequest } from '../http/problems.ts';
import { textOf } from './csv-cells.ts';
import {
  ATTRIBUTE,
  attributeColumn,
  COLUMNS,
  type Column,
  type CsvRow,
  MAX_ATTRIBUTE_COLUMNS,
} from './csv-columns.ts';
import { readCsvRecords } from './csv-records.ts';
import type { FileRow } from './file-row.ts';
import { attributeName } from './schema.ts';

/**
 * Returns the rows of CSV. The header names the columns: `sku` and any of the others, in any order; a column
 * `attributes.<name>` is an attribute. A row lacks the members of missing columns. An empty cell is null, which removes
 * the member; in `stock` and `status`, and in `amount` and `currency` when both are empty, it is ignored.
 *
 * @throws {InvalidRequest} when the header has a column that is not known, or one twice, or no `sku`
 * @throws {MalformedText} when there is no header
 */
export function readCsvRows(text: string): FileRow[] {
  const { header, records } = readCsvRecords(text, requireColumns, MAX_COLUMNS);
  const columns = header.map(columnOf);
  return records.map((record) => ('read' in record ? new CsvFileRow(record, columns) : record));
}

/**
 * A row that is read when it is needed: a file with a thousand columns, most of whose cells are empty, would take
 * hundreds of megabytes as objects.
 */
class CsvFileRow {
  readonly line: number;
  readonly #read: () => string[];
  readonly #columns: Column[];

  constructor({ line, read }: { line: number; read: () => string[] }, columns: Column[]) {
    this.line = line;
    this.#read = read;
    this.#columns = columns;
  }

  get value(): CsvRow {
    const row: CsvRow = {};
    const cells = this.#read();
    for (let at = 0; at < cells.length; at++) this.#columns[at]?.read(row, textOf(cells[at] ?? ''));
    const { amount = null, currency = null } = row.price ?? {};
    if (amount === null && currency === null) row.price = undefined;
    return row;
  }

  toJSON() {
    return { line: this.line, value: this.value };
  }
}

const MAX_COLUMNS = COLUMNS.length + MAX_ATTRIBUTE_COLUMNS;

const columnsByName = new Map(COLUMNS.map((column) => [column.name, column]));

/** Returns the column of a name in a header that {@link requireColumns} has accepted. */
const columnOf = (name: string): Column =>
  columnsByName.get(name) ?? attributeColumn(name.slice(ATTRIBUTE.length));

function requireColumns(header: string[]): void {
  if (header.length > MAX_COLUMNS) {
    const reason = `must have at most ${MAX_ATTRIBUTE_COLUMNS} attribute columns`;
    throw wrongHeader([{ in: 'body', pointer: '', reason }]);
  }
  const seen = new Set<string>();
  const errors: Fault[] = header.flatMap((name) => {
    const reason = seen.has(name) ? 'must appear only once in the header' : faultOf(name);
    seen.add(name);
    return reason ? [{ in: 'body', pointer: pointerTo([name]), reason }] : [];
  });
  if (!seen.has('sku'))
    errors.unshift({ in: 'body', pointer: '/sku', reason: 'is a required column' });
  if (errors.length > 0) throw wrongHeader(errors.slice(0, MAX_FAULTS));
}

const wrongHeader = (errors: Fault[]) =>
  new InvalidRequest('The CSV header is not valid for a product file.', { errors });

function faultOf(column: string): string | undefined {
  if (columnsByName.has(column)) return undefined;
  const name = column.slice(ATTRIBUTE.length);
  if (!column.startsWith(ATTRIBUTE) || name === '')
    return 'is not a product column; name attribute columns attributes.<name>';
  const isName = name !== '__proto__' && attributeName.safeParse(name).success;
  return isName ? undefined : 'is not a valid attribute name';
}
