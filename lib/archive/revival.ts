import { faultsOf } from '../http/faults.ts';
import { mergePatch } from '../http/merge-patch.ts';
import { Drifted } from '../http/problems.ts';
import { checkChanged } from '../products/changes.ts';
import { newRecord, type ProductRecord } from '../products/record.ts';
import type { ProductInput } from '../products/schema.ts';
import type { ArchivedRecord } from './record.ts';

/** A merge patch that makes an archived record match the current product schema. */
export type Correction = Record<string, unknown> | undefined;

/**
 * Converts an archived record to the record of a product, with the same id and the next version.
 *
 * @param now its `updatedAt`, and its `createdAt` if the archive does not have one
 * @throws {Drifted} when the archived record, after applying the correction, is not a valid product
 */
export function restoredFrom(
  archived: ArchivedRecord,
  correction: Correction,
  now: Date,
): ProductRecord {
  const { createdAt } = archived.document;
  const record = newRecord(inputFrom(archived, correction), now);
  return {
    ...record,
    _id: archived._id,
    version: archived.version + 1,
    createdAt:
      archived.source === 'catalog' && createdAt instanceof Date ? createdAt : record.createdAt,
  };
}

/** Returns the writable fields of an archived record, after applying the correction. */
function inputFrom({ source, document }: ArchivedRecord, correction: Correction): ProductInput {
  const { id, store, version, createdAt, updatedAt, terms, ...written } = document;
  // The texts of a product may be older than the rules for new ones. Those of a foreign record are all new.
  const [before, record] = source === 'catalog' ? [written, written] : [{}, document];
  const result = checkChanged(before, mergePatch(record, correction ?? {}));
  if (!('issues' in result)) return result;
  throw new Drifted(
    'The archived record does not match the current product schema. Send a merge patch that corrects it.',
    { errors: faultsOf('archive', result) },
  );
}
