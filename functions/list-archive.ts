import { pageOfArchive } from '#lib/archive/archive.ts';
import { archivePage, archivePath, archiveQuery } from '#lib/archive/schema.ts';
import { ok } from '#lib/http/answers.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { linkToNext } from '#lib/http/link-header.ts';
import { operation } from '#lib/http/operation.ts';
import { visibleStore } from '#lib/http/visible-stores.ts';
import { admitStore } from '#lib/stores/registry.ts';

const contract = {
  name: 'list-archive',
  summary: "Lists the records in a store's archive, newest first.",
  routes: ['GET /stores/{store}/archive'],
  scope: 'products:read',
  servers: ['primary', 'secondary'],
  path: archivePath,
  query: archiveQuery,
  answers: { 200: archivePage },
  answerHeaders: { 200: ['link'] },
} as const satisfies Contract;

async function listArchive({ caller, url, path, query, signal }: Request<typeof contract>) {
  const store = await admitStore(visibleStore(caller.stores, path.store), 'archive', signal);
  const page = await pageOfArchive(store, query, signal);
  return ok(page, linkToNext({ url, query }, page));
}

export const handler = operation(contract, listArchive);
