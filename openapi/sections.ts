/** The sections (tags) of the document, in the order in which they are shown. Each operation is in one. */
export const sections = [
  {
    name: 'Stores',
    description: 'The registry of stores. Each store has its own database.',
    operations: ['list-stores', 'create-store', 'get-store', 'update-store', 'close-store'],
  },
  {
    name: 'Products',
    description:
      'The products of the head catalog (`/products`) and of a store (`/stores/{store}/products`). Changing the head catalog requires a token that covers all stores.',
    operations: [
      ...['list-products', 'create-product', 'get-product', 'update-product'],
      ...['archive-product', 'publish-product'],
    ],
  },
  {
    name: 'Stock',
    description: 'Stock adjustments, and transfers between stores.',
    operations: ['adjust-stock', 'transfer-stock'],
  },
  {
    name: 'Files',
    description: 'Bulk import and export of products as JSON, NDJSON or CSV.',
    operations: ['import-products', 'export-products'],
  },
  {
    name: 'Archive',
    description: 'Archived products and old records of a store, with all their original fields.',
    operations: ['list-archive', 'get-archived-product', 'ingest-archive', 'restore-product'],
  },
  {
    name: 'Search and reports',
    description:
      'Search and reports across stores. They read a mirror, which is synced every 5 minutes.',
    operations: [
      ...['search-products', 'report-overview', 'report-stores', 'report-history'],
      'report-drift',
    ],
  },
  {
    name: 'Service',
    description: 'The service itself. These operations require no token.',
    operations: ['get-health', 'get-openapi', 'get-docs'],
  },
];

/** Returns the section of an operation. */
export function sectionOf(operation: string): string {
  const section = sections.find(({ operations }) => operations.includes(operation));
  if (!section) throw new Error(`openapi/sections.ts does not list ${operation}`);
  return section.name;
}
