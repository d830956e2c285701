import { ingestRecords } from '#lib/archive/archive.ts';
import { archivePath, ingestBody, ingested, MAX_BATCH } from '#lib/archive/schema.ts';
import { created } from '#lib/http/answers.ts';
import { type Contract, jsonBody, LONG_TIME_LIMIT_MS, type Request } from '#lib/http/contract.ts';
import { idempotencyKey } from '#lib/http/headers.ts';
import { idempotencyKeyOf } from '#lib/http/idempotency-key.ts';
import { operation } from '#lib/http/operation.ts';
import { StoreNotWritable } from '#lib/http/problems.ts';
import { runAtLeastOnce } from '#lib/idempotency/idempotency.ts';
import { openCatalog } from '#lib/products/catalog.ts';

const contract = {
  name: 'ingest-archive',
  summary: "Adds records of any shape to a store's archive.",
  routes: ['POST /stores/{store}/archive'],
  repeat: 'safe',
  scope: 'archive:write',
  servers: ['primary', 'secondary'],
  timeLimitMs: LONG_TIME_LIMIT_MS,
  path: archivePath,
  headers: idempotencyKey,
  body: jsonBody(ingestBody, { maxKilobytes: 6_000, maxValues: 300_000, maxItems: MAX_BATCH }),
  answers: { 201: ingested },
  answerHeaders: { 201: ['location'] },
  problems: [StoreNotWritable],
} as const satisfies Contract;

async function ingestArchive(request: Request<typeof contract>) {
  const { url, body, signal } = request;
  using catalog = await openCatalog(request.path.store, 'write', request);
  const archived = await runAtLeastOnce(catalog, idempotencyKeyOf(request), () =>
    ingestRecords(catalog.store, body, signal),
  );
  return created({ archived }, url);
}

export const handler = operation(contract, ingestArchive);
