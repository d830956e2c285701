import { pageOfArchive } from '../lib/archive/archive.ts';
import type { Contract, Request } from '../lib/contract.ts';
import { ok } from '../lib/http/answers.ts';
import { operation } from '../lib/operation.ts';
import { linkToNext } from '../lib/page.ts';
import { archivePage, archivePath, archiveQuery } from '../lib/schemas/archive.ts';
import { admitStore } from '../lib/stores/stores.ts';
import { visibleStore } from '../lib/stores/visible-stores.ts';

const contract = {
  name: 'list-archive',
  summary: "Lists a store's retired products, the newest first.",
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
