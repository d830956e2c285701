import type { GatewayRequest } from '../local/gateway-event.ts';

/** A request that succeeds on the example catalog. */
export type ExampleRequest = Pick<GatewayRequest, 'path' | 'query' | 'headers' | 'body'>;

/** The ids and SKUs that the examples use: those of the sample catalog. */
export const EXAMPLE = {
  store: 'store-a',
  otherStore: 'store-b',
  /** A store to close. */
  closing: 'pop-up',
  /** The store that the examples create. */
  created: 'store-c',
  /** A SKU of `store` and of `otherStore`. */
  sku: 'HEAD-WL',
  /** A product of the head catalog. */
  headProduct: '6743f1c2a9b0c4d5e6f70801',
  /** A product of `store`. */
  product: '6743f1c2a9b0c4d5e6f70811',
  /** Products of the head catalog and of `store` to archive. */
  headProductToArchive: '6743f1c2a9b0c4d5e6f70803',
  productToArchive: '6743f1c2a9b0c4d5e6f70813',
  /** An archived record of `store`. */
  archived: 'be79440e4369d867639f0fb6',
  /** One to restore, with a patch. */
  restored: 'c53a735e7234410ab4c4bd1f',
  /** One that is restored without a patch, which fails. */
  drifted: '1c0b0a43ae687e56b9389e67',
} as const;

const { store, otherStore, sku, headProduct, product, productToArchive } = EXAMPLE;

/** The ids in the head catalog that stand for those of `store` in the examples of a route without a store. */
export const inHeadCatalog: Record<string, string> = {
  [product]: headProduct,
  [productToArchive]: EXAMPLE.headProductToArchive,
};

const laptop = {
  sku: 'LAP-AIR',
  name: 'Laptop Air',
  description: 'Thin, light, and quiet.',
  category: 'Electronics',
  tags: ['computer', 'portable'],
  price: { amount: 99_900, currency: 'USD' },
  stock: 12,
  status: 'active',
  attributes: { color: 'silver', memory: '16 GB' },
};

/**
 * An example request for each HTTP operation, by its name. They are the examples of the OpenAPI document, and
 * packaging warms up each function with its example.
 */
export const exampleRequests: Record<string, ExampleRequest> = {
  'adjust-stock': { path: { store, product }, body: { by: -2 } },
  'archive-product': { path: { store, product: productToArchive } },
  'close-store': { path: { store: EXAMPLE.closing } },
  'create-product': {
    path: { store },
    headers: { 'idempotency-key': 'b4f6c1de-0a53-4d5c-9f0b-7c8f2f1f9a10' },
    body: laptop,
  },
  'create-store': { body: { id: EXAMPLE.created, name: 'Store C', currency: 'USD' } },
  'export-products': { path: { store }, query: { format: 'csv' } },
  'get-archived-product': { path: { store, product: EXAMPLE.archived } },
  'get-docs': { path: { asset: 'page.js' } },
  'get-health': {},
  'get-openapi': {},
  'get-product': { path: { store, product } },
  'get-store': { path: { store } },
  'import-products': {
    path: { store },
    body: [
      { sku: 'CHAIR-01', name: 'Chair', price: { amount: 8_900, currency: 'USD' }, stock: 30 },
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
    query: { q: 'lap', category: 'Electronics', tag: 'computer', sort: '-price', limit: '20' },
  },
  'list-stores': { query: { limit: '20' } },
  'publish-product': { path: { product: headProduct }, body: { stores: [store, otherStore] } },
  'report-drift': { query: { store } },
  'report-history': { path: { store }, query: { from: '2026-11-01', to: '2026-11-30' } },
  'report-overview': {},
  'report-stores': { query: { lowStock: '5' } },
  'restore-product': {
    path: { store, product: EXAMPLE.restored },
    body: {
      sku: 'WATCH-1',
      price: { amount: 19_999, currency: 'USD' },
      extraField: null,
      timestamp: null,
    },
  },
  'search-products': { query: { q: 'laptop', maxPrice: '150000' } },
  'transfer-stock': { body: { from: store, to: otherStore, sku, quantity: 3 } },
  'update-product': {
    path: { store, product },
    headers: { 'if-match': '*' },
    body: { price: { amount: 119_900 }, description: null },
  },
  'update-store': { path: { store }, body: { name: 'Store A, Berlin' } },
};

/** An example input for each task. */
export const exampleInputs: Record<string, object> = {
  'roll-out-indexes': { mode: 'plan' },
  'sync-mirror': { stores: [store] },
  'take-snapshots': {},
};

/** Further examples of some operations, in the other formats that they support. */
export const moreExampleRequests: Record<string, ExampleRequest[]> = {
  'export-products': [{ path: { store }, headers: { accept: 'application/x-ndjson' } }],
  'import-products': [
    {
      path: { store },
      headers: { 'content-type': 'text/csv' },
      body: 'sku,name,tags,amount,currency,stock,attributes.color\nDESK-01,Desk,office|wood,24900,USD,7,oak\n',
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
  'publish-product': [{ path: { product: headProduct }, body: { stores: '*' } }],
};
