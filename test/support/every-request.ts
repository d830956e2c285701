import { aProduct } from './catalog.ts';
import type { TestRequest } from './gateway.ts';
import { COMMON_SKU, type Site } from './sites.ts';

/** A valid request for a site. */
export interface Row {
  /** The status if the caller is allowed to send it. */
  status: number;
  /** Whether it names the site's store; otherwise it is about all stores, or none. */
  names: boolean;
  /** The status if that store does not exist: 404 by default. */
  hidden?: number;
  /** Whether the response contains data of the site nevertheless. */
  shows?: true;
  /** Can only be sent once, because it removes something from the site. */
  consumes?: true;
  /** Requires a token for all stores. */
  wide?: true;
  /** Creates the store, which must not exist yet. */
  opens?: true;
  /** Needs no database connection, and works while the servers are unavailable. */
  alone?: true;
  /** Also involves another store of the caller. */
  withMate?: true;
  request: (site: Site, mate: Site) => TestRequest;
}

const inStore = ({ id }: Site) => ({ store: id });
const ofStore = ({ id, product }: Site) => ({ store: id, product });
const inArchive = ({ id, archived }: Site) => ({ store: id, product: archived });
const ofHead = ({ head }: Site) => ({ product: head });
const patch = { description: 'Changed' };
const csv = {
  headers: { 'content-type': 'text/csv' },
  body: 'sku,name,amount,currency\nIMPORTED-1,Table,100,EUR\n',
};
const transfer = (from: Site, to: Site) => ({
  body: { from: from.id, to: to.id, sku: COMMON_SKU, quantity: 1 },
});

const inQuery = { status: 200, names: true, hidden: 200, shows: true } as const;
/** Lists the newest on the first page. */
const first = { limit: '100', sort: '-createdAt' };

/**
 * The requests of each operation, by their variants. This table is used to test the isolation of the stores: an
 * operation without a row fails test/security/walls.test.ts.
 */
export const everyRequest: Record<string, Record<string, Row>> = {
  'adjust-stock': {
    store: { status: 200, names: true, request: (s) => ({ path: ofStore(s), body: { by: 1 } }) },
  },
  'archive-product': {
    store: { status: 204, names: true, consumes: true, request: (s) => ({ path: ofStore(s) }) },
    head: {
      status: 204,
      names: false,
      wide: true,
      consumes: true,
      request: (s) => ({ path: ofHead(s) }),
    },
  },
  'close-store': {
    store: { status: 200, names: true, consumes: true, request: (s) => ({ path: inStore(s) }) },
  },
  'create-product': {
    store: { status: 201, names: true, request: (s) => ({ path: inStore(s), body: aProduct() }) },
    head: { status: 201, names: false, wide: true, request: () => ({ body: aProduct() }) },
  },
  'create-store': {
    store: {
      status: 201,
      names: true,
      hidden: 403,
      opens: true,
      request: ({ id }) => ({ body: { id, name: 'A Store', currency: 'EUR' } }),
    },
  },
  'export-products': {
    store: { status: 200, names: true, shows: true, request: (s) => ({ path: inStore(s) }) },
    head: { status: 200, names: false, request: () => ({}) },
  },
  'get-archived-product': {
    store: { status: 200, names: true, shows: true, request: (s) => ({ path: inArchive(s) }) },
  },
  'get-docs': {
    root: { status: 302, names: false, alone: true, request: () => ({ route: 'GET /' }) },
    page: { status: 200, names: false, alone: true, request: () => ({}) },
    asset: {
      status: 200,
      names: false,
      alone: true,
      request: () => ({ path: { asset: 'page.js' } }),
    },
  },
  'get-health': { none: { status: 200, names: false, request: () => ({}) } },
  'get-openapi': { none: { status: 200, names: false, alone: true, request: () => ({}) } },
  'get-product': {
    store: { status: 200, names: true, shows: true, request: (s) => ({ path: ofStore(s) }) },
    head: { status: 200, names: false, request: (s) => ({ path: ofHead(s) }) },
  },
  'get-store': {
    store: { status: 200, names: true, shows: true, request: (s) => ({ path: inStore(s) }) },
  },
  'import-products': {
    store: { status: 200, names: true, request: (s) => ({ path: inStore(s), ...csv }) },
    head: { status: 200, names: false, wide: true, request: () => csv },
  },
  'ingest-archive': {
    store: { status: 201, names: true, request: (s) => ({ path: inStore(s), body: { old: 1 } }) },
  },
  'list-archive': {
    store: { status: 200, names: true, shows: true, request: (s) => ({ path: inStore(s) }) },
  },
  'list-products': {
    store: {
      status: 200,
      names: true,
      shows: true,
      request: (s) => ({ path: inStore(s), query: { q: 'thing', limit: '1' } }),
    },
    head: { status: 200, names: false, request: () => ({ query: { q: 'lap' } }) },
  },
  'list-stores': {
    all: {
      status: 200,
      names: false,
      shows: true,
      request: () => ({ query: { limit: '100' } }),
    },
  },
  'publish-product': {
    named: {
      status: 200,
      names: true,
      hidden: 200,
      shows: true,
      request: (s) => ({ path: ofHead(s), body: { stores: [s.id] } }),
    },
    all: {
      status: 200,
      names: false,
      shows: true,
      request: (s) => ({ path: ofHead(s), body: { stores: '*' } }),
    },
  },
  'report-drift': {
    store: { ...inQuery, request: (s) => ({ query: inStore(s) }) },
    all: { status: 200, names: false, shows: true, request: () => ({}) },
  },
  'report-history': {
    store: { status: 200, names: true, request: ({ id }) => ({ path: { store: id } }) },
  },
  'report-overview': { all: { status: 200, names: false, request: () => ({}) } },
  'report-stores': {
    all: {
      status: 200,
      names: false,
      shows: true,
      request: () => ({ query: { limit: '100' } }),
    },
  },
  'restore-product': {
    store: { status: 201, names: true, consumes: true, request: (s) => ({ path: inArchive(s) }) },
  },
  'search-products': {
    store: { ...inQuery, request: (s) => ({ query: inStore(s) }) },
    all: { status: 200, names: false, shows: true, request: () => ({ query: first }) },
  },
  'transfer-stock': {
    from: { status: 201, names: true, withMate: true, request: (s, mate) => transfer(s, mate) },
    to: { status: 201, names: true, withMate: true, request: (s, mate) => transfer(mate, s) },
  },
  'update-product': {
    store: { status: 200, names: true, request: (s) => ({ path: ofStore(s), body: patch }) },
    head: {
      status: 200,
      names: false,
      wide: true,
      request: (s) => ({ path: ofHead(s), body: patch }),
    },
  },
  'update-store': {
    store: {
      status: 200,
      names: true,
      request: (s) => ({ path: inStore(s), body: { status: 'active' } }),
    },
  },
};

/** The rows of the table, each with its operation: for `describe.each`. */
export const everyRow: [operation: string, about: string, row: Row][] = Object.entries(
  everyRequest,
).flatMap(([operation, rows]) =>
  Object.entries(rows).map(([about, row]): [string, string, Row] => [operation, about, row]),
);
