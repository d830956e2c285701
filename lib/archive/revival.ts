import { faultsOf } from '../http/faults.ts';
import { mergePatch } from '../http/merge-patch.ts';
import { Drifted } from '../http/problems.ts';
import { newRecord, type ProductRecord } from '../products/record.ts';
import { type ProductInput, productInput } from '../products/schema.ts';
import type { ArchivedRecord } from './record.ts';

/** A merge patch over an archived record, which corrects what has drifted. */
export type Correction = Record<string, unknown> | undefined;

/**
 * Returns the record of the product that an archived record becomes: with its id, and a version above the archived
 * one.
 *
 * @throws {Drifted} when the archived record, with the correction over it, is not a valid product
 */
export function revivedFrom(archived: ArchivedRecord, correction: Correction): ProductRecord {
  const { createdAt } = archived.document;
  const record = newRecord(inputFrom(archived, correction), new Date());
  return {
    ...record,
    _id: archived._id,
    version: archived.version + 1,
    createdAt:
      archived.source === 'catalog' && createdAt instanceof Date ? createdAt : record.createdAt,
  };
}

/** Returns what a caller can write of an archived record, with the correction over it. */
function inputFrom({ source, document }: ArchivedRecord, correction: Correction): ProductInput {
  const { id, store, version, createdAt, updatedAt, terms, ...written } = document;
  const result = productInput.safeParse(
    mergePatch(source === 'catalog' ? written : document, correction ?? {}),
  );
  if (result.success) return result.data;
  throw new Drifted(
    'The archived record does not match the current product schema. Send a merge patch that corrects it.',
    { errors: faultsOf('archive', result.error) },
  );
}
