import { MOST_FAULTS, pointerTo } from '../http/faults.ts';
import { type Fault, InvalidRequest } from '../http/problems.ts';
import { splitTags, textOf } from './csv-cells.ts';
import { ATTRIBUTE, COLUMNS, MOST_ATTRIBUTES } from './csv-columns.ts';
import { readCsvRecords } from './csv-records.ts';
import type { FileRow } from './file-row.ts';
import { attributeName } from './schema.ts';

/**
 * The rows of CSV. The header names the columns: `sku` and any of the others, in any order; a column
 * `attributes.<name>` is an attribute. A column that is not there is not named by the row. An empty cell is
 * null, which removes; but in `stock` and `status`, and in `amount` and `currency` when both are empty, it
 * names nothing.
 *
 * @throws {InvalidRequest} when the header has a column that is not known, or one twice, or no `sku`
 * @throws {MalformedText} when there is no header
 */
export function readCsvRows(text: string): FileRow[] {
  const { header, records } = readCsvRecords(text);
  requireColumns(header);
  const columns = header.map((name) => ({ name, put: putterOf(name) }));
  return records.map((record) => {
    if (!('cells' in record)) return record;
    const row: Row = {};
    const { line, cells } = record;
    for (let at = 0; at < cells.length; at++) columns[at]?.put(row, textOf(cells[at] ?? ''));
    const { amount = null, currency = null } = row.price ?? {};
    if (amount === null && currency === null) row.price = undefined;
    return { line, value: row };
  });
}

interface Row {
  price?: { amount?: unknown; currency?: unknown } | undefined;
  attributes?: Record<string, unknown>;
  [name: string]: unknown;
}

/** What puts the text of a column's cell, or null for an empty one, where it belongs in a row. */
function putterOf(column: string): (row: Row, text: string | null) => void {
  if (column.startsWith(ATTRIBUTE)) {
    const name = column.slice(ATTRIBUTE.length);
    return (row, text) => {
      row.attributes ??= {};
      row.attributes[name] = text;
    };
  }
  switch (column) {
    case 'amount':
      return (row, text) => {
        row.price ??= {};
        row.price.amount = integerIn(text);
      };
    case 'currency':
      return (row, text) => {
        row.price ??= {};
        row.price.currency = text;
      };
    case 'stock':
      return (row, text) => {
        if (text !== null) row.stock = integerIn(text);
      };
    case 'status':
      return (row, text) => {
        if (text !== null) row.status = text;
      };
    case 'tags':
      return (row, text) => {
        row.tags = text === null ? null : splitTags(text);
      };
    default:
      return (row, text) => {
        row[column] = text;
      };
  }
}

/** An integer; what is none stays text, which the product's schema refuses. */
const integerIn = (text: string | null): number | string | null =>
  text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : text;

function requireColumns(header: string[]): void {
  if (header.length > COLUMNS.length + MOST_ATTRIBUTES) {
    const reason = `must have at most ${MOST_ATTRIBUTES} columns of attributes`;
    throw wrongHeader([{ in: 'body', pointer: '', reason }]);
  }
  const seen = new Set<string>();
  const errors: Fault[] = header.flatMap((name) => {
    const reason = seen.has(name) ? 'stands in the header twice' : faultOf(name);
    seen.add(name);
    return reason ? [{ in: 'body', pointer: pointerTo([name]), reason }] : [];
  });
  if (!seen.has('sku'))
    errors.unshift({ in: 'body', pointer: '/sku', reason: 'is required as a column' });
  if (errors.length > 0) throw wrongHeader(errors.slice(0, MOST_FAULTS));
}

const wrongHeader = (errors: Fault[]) =>
  new InvalidRequest('The header is not that of a file of products.', { errors });

function faultOf(column: string): string | undefined {
  if (COLUMNS.some((known) => known === column)) return undefined;
  const name = column.slice(ATTRIBUTE.length);
  if (!column.startsWith(ATTRIBUTE) || name === '') return 'is not a column of such a file';
  const isName = name !== '__proto__' && attributeName.safeParse(name).success;
  return isName ? undefined : 'is not the name of an attribute';
}
