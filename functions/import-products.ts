import { ok } from '#lib/http/answers.ts';
import { bodyOf, type Contract, LONG_TIME_LIMIT_MS, type Request } from '#lib/http/contract.ts';
import { idempotencyKey } from '#lib/http/headers.ts';
import { idempotencyKeyOfRows } from '#lib/http/idempotency-key.ts';
import { operation } from '#lib/http/operation.ts';
import { StoreNotWritable } from '#lib/http/problems.ts';
import { runAtLeastOnce } from '#lib/idempotency/idempotency.ts';
import { openCatalog } from '#lib/products/catalog.ts';
import { readCsvRows } from '#lib/products/csv-rows.ts';
import { importBody, importResult } from '#lib/products/file-schema.ts';
import { importRows } from '#lib/products/import.ts';
import { readJsonRows, readNdjsonRows } from '#lib/products/json-rows.ts';
import { catalogPath } from '#lib/products/schema.ts';

const contract = {
  name: 'import-products',
  summary: 'Creates and updates products by SKU from a JSON, NDJSON or CSV file.',
  routes: ['POST /products/import', 'POST /stores/{store}/products/import'],
  repeat: 'safe',
  scope: 'products:write',
  timeLimitMs: LONG_TIME_LIMIT_MS,
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
  using catalog = await openCatalog(request.path.store, 'write', request);
  const key = await idempotencyKeyOfRows(request, signal);
  return ok(await runAtLeastOnce(catalog, key, () => importRows(catalog, body)));
}

export const handler = operation(contract, importProducts);
