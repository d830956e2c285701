import { ingestRecords } from '../lib/archive/archive.ts';
import { type Contract, jsonBody, type Request } from '../lib/contract.ts';
import { created } from '../lib/http/answers.ts';
import { onceRepeatable } from '../lib/idempotency.ts';
import { operation } from '../lib/operation.ts';
import { StoreNotWritable } from '../lib/problems.ts';
import { openCatalog } from '../lib/products/catalog.ts';
import { archivePath, ingestBody, ingested } from '../lib/schemas/archive.ts';
import { idempotencyKey } from '../lib/schemas/headers.ts';

const contract = {
  name: 'ingest-archive',
  summary: "Takes old records of any shape into a store's archive.",
  routes: ['POST /stores/{store}/archive'],
  scope: 'archive:write',
  servers: ['primary', 'secondary'],
  path: archivePath,
  headers: idempotencyKey,
  body: jsonBody(ingestBody, { maxKilobytes: 6_000 }),
  answers: { 201: ingested },
  answerHeaders: { 201: ['location'] },
  problems: [StoreNotWritable],
} as const satisfies Contract;

async function ingestArchive(request: Request<typeof contract>) {
  const { url, body, signal } = request;
  using catalog = await openCatalog(request, 'write');
  const archived = await onceRepeatable(catalog.products.db, request, () =>
    ingestRecords(catalog.store, body, signal),
  );
  return created({ archived }, url);
}

export const handler = operation(contract, ingestArchive);
