import type { GatewayRequest } from '../local/gateway-event.ts';

/** A request that a working service with the catalog of these examples answers well. */
export type ExampleRequest = Pick<GatewayRequest, 'path' | 'query' | 'headers' | 'body'>;

/** What the examples are about. */
export const EXAMPLE = {
  store: 'acme',
  otherStore: 'globex',
  sku: 'LAP-PRO',
  /** A product with that SKU: in the head catalog, and in `store`. */
  product: '6743f1c2a9b0c4d5e6f70801',
  /** The one with that SKU in `otherStore`. */
  sibling: '6743f1c2a9b0c4d5e6f70804',
  /** A record of the archive of `store`. */
  archived: '6743f1c2a9b0c4d5e6f70802',
  /** Another one, of which no patch is known that makes it a product. */
  drifted: '6743f1c2a9b0c4d5e6f70803',
} as const;

const { store, otherStore, sku, product, archived } = EXAMPLE;

const laptop = {
  sku: 'LAP-AIR',
  name: 'Laptop Air',
  description: 'Thin, light, and quiet.',
  category: 'Electronics',
  tags: ['computer', 'portable'],
  price: { amount: 99_900, currency: 'EUR' },
  stock: 12,
  status: 'active',
  attributes: { color: 'silver', memory: '16 GB' },
};

/**
 * An example of each operation that answers HTTP, by its name. They are the examples of the API's document,
 * and what a function is warmed up with when it is packaged.
 */
export const exampleRequests: Record<string, ExampleRequest> = {
  'adjust-stock': { path: { store, product }, body: { by: -2 } },
  'archive-product': { path: { store, product } },
  'close-store': { path: { store } },
  'create-product': {
    path: { store },
    headers: { 'idempotency-key': 'b4f6c1de-0a53-4d5c-9f0b-7c8f2f1f9a10' },
    body: laptop,
  },
  'create-store': { body: { id: 'initech', name: 'Initech', currency: 'EUR' } },
  'export-products': { path: { store }, query: { format: 'csv' } },
  'get-archived-product': { path: { store, product: archived } },
  'get-docs': { path: { asset: 'page.js' } },
  'get-health': {},
  'get-openapi': {},
  'get-product': { path: { store, product } },
  'get-store': { path: { store } },
  'import-products': {
    path: { store },
    body: [
      { sku: 'CHAIR-01', name: 'Chair', price: { amount: 8_900, currency: 'EUR' }, stock: 30 },
      { sku: 'DESK-01', category: 'Furniture', tags: null },
    ],
  },
  'ingest-archive': {
    path: { store },
    body: [{ name: 'Smart Watch', price: 199.99, extraField: 'Fitness tracking' }],
  },
  'list-archive': { path: { store } },
  'list-products': {
    path: { store },
    query: { q: 'lap', category: 'Electronics', sort: '-price', limit: '20' },
  },
  'list-stores': { query: { limit: '20' } },
  'publish-product': { path: { product }, body: { stores: [store, otherStore] } },
  'report-drift': { query: { store } },
  'report-history': { path: { store }, query: { from: '2026-11-01', to: '2026-11-30' } },
  'report-overview': {},
  'report-stores': { query: { lowStock: '5' } },
  'restore-product': {
    path: { store, product: archived },
    body: { sku: 'WATCH-1', price: { amount: 19_999, currency: 'EUR' }, extraField: null },
  },
  'search-products': { query: { q: 'laptop', maxPrice: '150000' } },
  'transfer-stock': { body: { from: store, to: otherStore, sku, quantity: 3 } },
  'update-product': {
    path: { store, product },
    headers: { 'if-match': '"1"' },
    body: { price: { amount: 119_900 }, description: null },
  },
  'update-store': { path: { store }, body: { name: 'Acme Berlin' } },
};

/** What the functions that are invoked otherwise can be invoked with. */
export const exampleInputs: Record<string, object> = {
  'roll-out-indexes': { mode: 'plan' },
  'sync-mirror': { stores: [store] },
  'take-snapshots': {},
};

/** More examples of some operations, in the other formats that they know. */
export const moreExampleRequests: Record<string, ExampleRequest[]> = {
  'export-products': [{ path: { store }, headers: { accept: 'application/x-ndjson' } }],
  'import-products': [
    {
      path: { store },
      headers: { 'content-type': 'text/csv' },
      body: 'sku,name,tags,amount,currency,stock,attributes.color\nDESK-01,Desk,office|wood,24900,EUR,7,oak\n',
    },
    ...['application/x-ndjson', 'application/jsonl'].map((type) => ({
      path: { store },
      headers: { 'content-type': type },
      body: '{"sku":"CHAIR-01","stock":28}\n{"sku":"LAMP-01","name":"Lamp"}\n',
    })),
  ],
  'ingest-archive': [
    { path: { store }, body: { title: 'Wall Clock', sold: 2019, parts: { dial: 'brass' } } },
  ],
  'publish-product': [{ path: { product }, body: { stores: '*' } }],
};
