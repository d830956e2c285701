import * as z from 'zod/mini';
import { instant, objectId, page, pageOf, storeId } from '../http/parts.ts';

/** The metadata that the archive adds to a record. */
const entry = z.strictObject({
  id: objectId,
  store: z.nullable(storeId),
  source: z.enum(['catalog', 'ingest']),
  archivedAt: instant,
});

/**
 * An archived product: all its original fields, and `_archive`. A record that had no `id` gets the id of its archive
 * entry.
 */
export const archivedProduct = z.looseObject({ _archive: entry });
export type ArchivedProduct = z.output<typeof archivedProduct>;

export const archivePage = pageOf(archivedProduct);
export const archivePath = z.strictObject({ store: storeId });
export const archiveQuery = z.strictObject(page);

const MAX_DEPTH = 50;
/** The maximum number of records in a request. */
export const MAX_BATCH = 10_000;
/** In characters of JSON. A record then fits into a document of 16 MB, and into a response of 6 MB. */
const MAX_RECORD_LENGTH = 1_000_000;

const storable = z.refine((document) => isStorable(document, MAX_DEPTH), {
  error: `must be nested at most ${MAX_DEPTH} levels deep, without U+0000 in a name or a member named _bsontype`,
});

const record = z.record(z.string(), z.unknown()).check(
  z.refine((document) => Object.keys(document).length > 0, { error: 'must not be empty' }),
  z.refine((document) => !Object.hasOwn(document, '_archive'), {
    error: 'must not have a member named _archive, which is reserved for the archive',
  }),
  storable,
  z.refine((document) => JSON.stringify(document).length <= MAX_RECORD_LENGTH, {
    error: `must have at most ${MAX_RECORD_LENGTH} characters as JSON`,
    // A record that is nested too deeply could overflow the stack of JSON.stringify.
    when: ({ issues }) => issues.length === 0,
  }),
);

/** Records of any shape: one, or a list. */
export const ingestBody = z.pipe(
  z.transform((body: unknown) => (Array.isArray(body) ? body : [body])),
  z.array(record).check(z.minLength(1), z.maxLength(MAX_BATCH)),
);
export const ingested = z.strictObject({ archived: z.array(objectId) });

/** A merge patch for the restored product, in which null removes a member. The result is validated. */
export const restorationBody = z.optional(z.record(z.string(), z.unknown()).check(storable));

/**
 * Returns whether MongoDB can store a JSON value. BSON ends a name at U+0000 and gives a special meaning to `_bsontype`;
 * MongoDB rejects documents that are nested more than 100 levels deep.
 */
function isStorable(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  return Object.entries(value).every(
    ([name, member]) =>
      !name.includes('\0') && name !== '_bsontype' && isStorable(member, levels - 1),
  );
}
