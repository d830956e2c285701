import { bodyOf, type Contract, type Request } from '../lib/contract.ts';
import { readCsvRows } from '../lib/files/csv-rows.ts';
import { readJsonRows, readNdjsonRows } from '../lib/files/json-rows.ts';
import { ok } from '../lib/http/answers.ts';
import { onceRepeatable } from '../lib/idempotency.ts';
import { operation } from '../lib/operation.ts';
import { StoreNotWritable } from '../lib/problems.ts';
import { openCatalog } from '../lib/products/catalog.ts';
import { importRows } from '../lib/products/import.ts';
import { idempotencyKey } from '../lib/schemas/headers.ts';
import { catalogPath } from '../lib/schemas/product.ts';
import { importBody, importResult } from '../lib/schemas/product-file.ts';

const contract = {
  name: 'import-products',
  summary: 'Adds and changes products by SKU, from the rows of a file: JSON, NDJSON or CSV.',
  routes: ['POST /products/import', 'POST /stores/{store}/products/import'],
  scope: 'products:write',
  path: catalogPath,
  headers: idempotencyKey,
  body: bodyOf(importBody, {
    maxKilobytes: 6_000,
    types: {
      'application/json': readJsonRows,
      'application/x-ndjson': readNdjsonRows,
      'application/jsonl': readNdjsonRows,
      'text/csv': readCsvRows,
    },
  }),
  answers: { 200: importResult },
  problems: [StoreNotWritable],
} as const satisfies Contract;

async function importProducts(request: Request<typeof contract>) {
  const { body, signal } = request;
  using catalog = await openCatalog(request, 'write');
  return ok(
    await onceRepeatable(catalog.products.db, request, () => importRows(catalog, body, signal)),
  );
}

export const handler = operation(contract, importProducts);
