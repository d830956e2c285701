/** A record of an exported archive. */
export type ArchivedRecord = Record<string, unknown> & {
  _archive: { id: string; source: 'catalog' | 'ingest'; archivedAt: string };
};

/** Returns the product that an archived record was, in the form that import-products accepts. */
export function productOf(record: ArchivedRecord): Record<string, unknown> {
  const { _archive, id, store, version, createdAt, updatedAt, ...product } = record;
  return product;
}

/**
 * Returns a record in the form that ingest-archive accepts. A product of a catalog loses its id, its version and its dates,
 * so that it can be restored; any other record is what was ingested.
 */
export function recordOf(record: ArchivedRecord): Record<string, unknown> {
  const { _archive, ...rest } = record;
  if (_archive.source === 'catalog') return productOf(record);
  // The service adds the id of the archive to a record without one.
  const { id, ...withoutId } = rest;
  return id === _archive.id ? withoutId : rest;
}
