import { created } from '../lib/answers.ts';
import { ingestRecords } from '../lib/archive.ts';
import { type Contract, jsonBody, type Request } from '../lib/contract.ts';
import { operation } from '../lib/operation.ts';
import { archivePath, ingestBody, ingested } from '../lib/schemas/archive.ts';
import { admitStore } from '../lib/stores.ts';

const contract = {
  name: 'ingest-archive',
  summary: "Takes old records of any shape into a store's archive.",
  routes: ['POST /stores/{store}/archive'],
  scope: 'archive:write',
  path: archivePath,
  body: jsonBody(ingestBody, { maxKilobytes: 6_000 }),
  answers: { 201: ingested },
} as const satisfies Contract;

async function ingestArchive({ url, path, body, signal }: Request<typeof contract>) {
  const store = await admitStore(path.store, 'write', signal);
  return created({ archived: await ingestRecords(store, body, signal) }, url);
}

export const handler = operation(contract, ingestArchive);
