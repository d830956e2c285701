/** The sections of the document, in the order of reading: each operation is in one. */
export const sections = [
  {
    name: 'Stores',
    description: 'The registry of stores. Each store has a database of its own.',
    operations: ['list-stores', 'create-store', 'get-store', 'update-store', 'close-store'],
  },
  {
    name: 'Products',
    description:
      'The products of the head catalog (`/products`) and of a store (`/stores/{store}/products`). The head catalog is changed with a token for all stores.',
    operations: [
      ...['list-products', 'create-product', 'get-product', 'update-product'],
      ...['archive-product', 'publish-product'],
    ],
  },
  {
    name: 'Stock',
    description: 'Pieces that come, go, and move between stores.',
    operations: ['adjust-stock', 'transfer-stock'],
  },
  {
    name: 'Files',
    description: 'Many products at once, as JSON, NDJSON or CSV.',
    operations: ['import-products', 'export-products'],
  },
  {
    name: 'Archive',
    description: 'Retired products and old records of a store, with every field that they had.',
    operations: ['list-archive', 'get-archived-product', 'ingest-archive', 'restore-product'],
  },
  {
    name: 'Search and reports',
    description:
      'What spans stores, from a mirror that is a few minutes old at most while its sync runs.',
    operations: [
      ...['search-products', 'report-overview', 'report-stores', 'report-history'],
      'report-drift',
    ],
  },
  {
    name: 'Service',
    description: 'The service itself. These take no token.',
    operations: ['get-health', 'get-openapi', 'get-docs'],
  },
];

/** The section of an operation. */
export function sectionOf(operation: string): string {
  const section = sections.find(({ operations }) => operations.includes(operation));
  if (!section) throw new Error(`${operation} is in no section of openapi/sections.ts`);
  return section.name;
}
