import * as z from 'zod/mini';
import { preferredType } from '#lib/http/accept.ts';
import { okText } from '#lib/http/answers.ts';
import { type Contract, LONG_TIME_LIMIT_MS, type Request } from '#lib/http/contract.ts';
import { accept } from '#lib/http/headers.ts';
import { linkToNext } from '#lib/http/link-header.ts';
import { operation } from '#lib/http/operation.ts';
import { openCatalog } from '#lib/products/catalog.ts';
import { exportPage } from '#lib/products/export.ts';
import { exportQuery } from '#lib/products/file-schema.ts';
import { catalogPath } from '#lib/products/schema.ts';

const TYPES = ['application/x-ndjson', 'text/csv'] as const;

const contract = {
  name: 'export-products',
  summary: 'Exports products as NDJSON or CSV, in pages that can be imported again.',
  routes: ['GET /products/export', 'GET /stores/{store}/products/export'],
  scope: 'products:read',
  timeLimitMs: LONG_TIME_LIMIT_MS,
  path: catalogPath,
  query: exportQuery,
  headers: accept,
  answers: { 200: z.string() },
  answerTypes: TYPES,
  answerHeaders: { 200: ['content-disposition', 'link', 'vary'] },
} as const satisfies Contract;

async function exportProducts(request: Request<typeof contract>) {
  const { url, query, headers } = request;
  using catalog = await openCatalog(request.path.store, 'read', request);
  const preferred = preferredType(headers.accept, TYPES) === 'text/csv' ? 'csv' : 'ndjson';
  const fullQuery = { ...query, format: query.format ?? preferred } as const;
  const page = await exportPage(catalog, fullQuery);
  const name = [catalog.store?.id, `products.${page.format.extension}`].filter(Boolean).join('-');
  return okText(page.text, page.format.type, {
    'content-disposition': `attachment; filename="${name}"`,
    vary: 'accept',
    ...linkToNext({ url, query: fullQuery }, page),
  });
}

export const handler = operation(contract, exportProducts);
