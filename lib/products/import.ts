import { breather } from '../http/breathe.ts';
import { faultsOf, inWords, pointerTo } from '../http/faults.ts';
import { normalized } from '../http/lines.ts';
import type { Fault } from '../http/problems.ts';
import type { Catalog } from './catalog.ts';
import type { FileRow } from './file-row.ts';
import { ROWS_AT_ONCE } from './file-row.ts';
import type { FailedRow, ImportResult } from './file-schema.ts';
import { ImportTally } from './import-tally.ts';
import { UNSURE } from './quick-reader.ts';
import { newTexts, productInput, searchedSku } from './schema.ts';
import { quickProduct, type Upsert, writeUpserts } from './upserts.ts';

/** The number of rows that are written with one command: a compromise between round trips and memory. */
const BATCH = 1_000;

/**
 * Applies the rows of a file to the products of a catalog, by SKU. A row is a JSON merge patch (RFC 7396):
 *
 * - Members that it lacks remain unchanged, and have their default in a new product, which needs a SKU, a name and a
 *   price.
 * - Null removes an optional member: description, category, tags, an attribute, or all attributes. A name or a price
 *   that is null is a fault. A stock or a status that is null is ignored.
 * - A member that products do not have is a fault, even if it is null.
 *
 * A row with a fault fails alone: the others are imported. The second row with the same SKU fails, even if the first one
 * failed. A row that changes nothing writes nothing, so importing the same file again changes nothing.
 *
 * The rows are written in batches. When this throws, the first ones may have been written; importing the same file again
 * completes the work.
 *
 * @throws the reason of the catalog's signal when it is aborted
 */
export async function importRows(catalog: Catalog, rows: FileRow[]): Promise<ImportResult> {
  const tally = new ImportTally();
  const lines = new Map<string, number>();
  const pause = breather(catalog.signal);
  let areNew = false;
  for (let start = 0; start < rows.length; start += BATCH) {
    const upserts: Upsert[] = [];
    for (const [n, row] of rows.slice(start, start + BATCH).entries()) {
      if (n % ROWS_AT_ONCE === 0) await pause();
      const upsert = upsertOf(row, lines);
      if ('reason' in upsert) tally.fail(upsert);
      else upserts.push(upsert);
    }
    // After a batch of new products, the next ones are probably new as well.
    areNew = await writeUpserts(catalog, upserts, { tally, expectNew: areNew });
  }
  return tally.result();
}

/**
 * Returns the upsert that a row describes, or why it failed.
 *
 * @param lines the SKUs of the preceding rows, each with its line
 */
function upsertOf(row: FileRow, lines: Map<string, number>): Upsert | FailedRow {
  const { line } = row;
  const failed = (sku: string | null, faults: Pick<Fault, 'pointer' | 'reason'>[]) => ({
    line,
    sku,
    reason: inWords(faults),
  });
  const second = (sku: string) => [
    {
      pointer: '/sku',
      reason: `is already on line ${lines.get(sku)}; each SKU must appear only once`,
    },
  ];
  if ('fault' in row) return failed(null, [{ pointer: '', reason: row.fault }]);
  const { value: sent } = row;
  if (!isObject(sent)) return failed(null, [{ pointer: '', reason: 'must be of type object' }]);
  const whole = quickProduct(sent);
  if (whole !== UNSURE) {
    const { sku } = whole;
    if (lines.has(sku)) return failed(sku, second(sku));
    lines.set(sku, line);
    return { line, sku, patch: withoutNamelessNulls(sent), whole };
  }
  const value = withNormalTexts(sent);
  const sku = searchedSku.safeParse(value.sku);
  if (!sku.success) {
    const [{ reason = '' } = {}] = faultsOf('body', sku.error);
    return failed(null, [{ pointer: '/sku', reason: value.sku === null ? 'is required' : reason }]);
  }
  if (lines.has(sku.data)) return failed(sku.data, second(sku.data));
  lines.set(sku.data, line);
  const unknown = unknownNulls(value);
  if (unknown.length > 0)
    return failed(
      sku.data,
      unknown.map((path) => ({ pointer: pointerTo(path), reason: 'is not recognized' })),
    );
  return { line, sku: sku.data, patch: withoutNamelessNulls(value) };
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Returns the paths of members that are null and that products do not have. The schema reports other unknown members, but
 * merging removes these before it is applied. (An attribute of any name can be removed.)
 */
function unknownNulls(row: Json): string[][] {
  const nullsIn = (object: Json, shape: object) =>
    Object.keys(object).filter((name) => object[name] === null && !Object.hasOwn(shape, name));
  const { price } = row;
  const inPrice = isObject(price) ? nullsIn(price, productInput.shape.price.shape) : [];
  return [
    ...nullsIn(row, productInput.shape).map((name) => [name]),
    ...inPrice.map((name) => ['price', name]),
  ];
}

/** Returns a row whose texts are normalized, as those of all other requests are. */
function withNormalTexts(row: Json): Json {
  const normal = (value: unknown) => (typeof value === 'string' ? normalized(value) : value);
  const texts = Object.keys(newTexts.shape)
    .filter((name) => Object.hasOwn(row, name))
    .map((name) => {
      const value = row[name];
      return [name, Array.isArray(value) ? value.map(normal) : normal(value)];
    });
  return { ...row, ...Object.fromEntries(texts) };
}

/** Removes a stock or a status that is null: a product always has both, so null cannot remove them. */
function withoutNamelessNulls(row: Json): Json {
  if (row.stock !== null && row.status !== null) return row;
  const { stock, status, ...rest } = row;
  return { ...rest, ...(stock === null ? {} : { stock }), ...(status === null ? {} : { status }) };
}
