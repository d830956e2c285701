import * as z from 'zod/mini';
import { instant, objectId, page, pageOf, storeId } from '../http/parts.ts';

/** What the archive itself knows of a record. */
const entry = z.strictObject({
  id: objectId,
  store: z.nullable(storeId),
  source: z.enum(['catalog', 'ingest']),
  archivedAt: instant,
});

/**
 * A retired product: every field that it had, and `_archive`. A record that came in without an `id` of its
 * own has the archive's as well, so that every record has one.
 */
export const archivedProduct = z.looseObject({ _archive: entry });
export type ArchivedProduct = z.output<typeof archivedProduct>;

export const archivePage = pageOf(archivedProduct);
export const archivePath = z.strictObject({ store: storeId });
export const archiveQuery = z.strictObject(page);

const DEEPEST = 50;
/** The maximum number of records in a request. */
export const MAX_BATCH = 10_000;
/** In characters of JSON: so that a record fits into a document of 16 MB, and into an answer of 6 MB. */
const MAX_RECORD_BYTES = 1_000_000;

const storable = z.refine((document) => isStorable(document, DEEPEST), {
  error: `must be nested at most ${DEEPEST} levels deep, without U+0000 in a name or a member named _bsontype`,
});

const record = z.record(z.string(), z.unknown()).check(
  z.refine((document) => Object.keys(document).length > 0, { error: 'must not be empty' }),
  z.refine((document) => !Object.hasOwn(document, '_archive'), {
    error: 'must not have a member named _archive, which is reserved for the archive',
  }),
  storable,
  z.refine((document) => JSON.stringify(document).length <= MAX_RECORD_BYTES, {
    error: `must have at most ${MAX_RECORD_BYTES} characters as JSON`,
    // What is nested too deeply to be stored may be so to be written as well.
    when: ({ issues }) => issues.length === 0,
  }),
);

/** Old records of any shape: one, or a list. */
export const ingestBody = z.pipe(
  z.transform((body: unknown) => (Array.isArray(body) ? body : [body])),
  z.array(record).check(z.minLength(1), z.maxLength(MAX_BATCH)),
);
export const ingested = z.strictObject({ archived: z.array(objectId) });

/** A merge patch that makes a product of an old record: null removes a member. What comes of it is checked. */
export const restorationBody = z.optional(z.record(z.string(), z.unknown()).check(storable));

/** BSON ends a name at U+0000 and takes `_bsontype` for its own; MongoDB refuses more than 100 levels. */
function isStorable(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  return Object.entries(value).every(
    ([name, member]) =>
      !name.includes('\0') && name !== '_bsontype' && isStorable(member, levels - 1),
  );
}
