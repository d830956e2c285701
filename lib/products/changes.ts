import { isDeepStrictEqual } from 'node:util';
import { duplicateKeyFields } from '@manystore/connections';
import type * as z from 'zod/mini';
import { serverNow } from '../connections.ts';
import { CHANGED_MEANWHILE, untilUnchanged } from '../documents/until-unchanged.ts';
import { type ExpectedVersions, isExpected, staleVersion } from '../http/etag.ts';
import { faultsOf } from '../http/faults.ts';
import { mergePatch } from '../http/merge-patch.ts';
import { InvalidRequest } from '../http/problems.ts';
import type { Catalog } from './catalog.ts';
import { productFrom, readProduct, requireNoOtherForm, takenSku } from './products.ts';
import { quickReader, UNSURE } from './quick-reader.ts';
import type { ProductRecord } from './record.ts';
import {
  newTexts,
  type Product,
  type ProductInput,
  type ProductPatch,
  storedInput,
} from './schema.ts';
import { searchTerms } from './search-terms.ts';

/**
 * Changes a product with a merge patch. The merged product is validated as a whole. If another request has changed the
 * product since it was read, it is read and merged again. A patch without effect writes nothing.
 *
 * @param expected the versions that may be changed
 * @throws {NotFound} when there is no such product
 * @throws {StaleTag} when the product's version is not `expected`
 * @throws {InvalidRequest} when the merged product does not match the schema
 * @throws {DuplicateKey} when the patch sets the SKU of another product
 */
export function patchProduct(
  catalog: Catalog,
  { id, patch, expected }: { id: string; patch: ProductPatch; expected: ExpectedVersions },
): Promise<Product> {
  return untilUnchanged(async () => {
    const current = await readProduct(catalog, id);
    if (!isExpected(expected, current)) throw staleVersion(current);
    const change = changeOf(current, merged(current, patch), await serverNow(catalog.signal));
    if (!change) return productFrom(current, catalog);
    const changed = await writeChange(catalog, current, change);
    return changed ? productFrom(changed, catalog) : CHANGED_MEANWHILE;
  });
}

/** All fields that a caller can write. A field that a product lacks is undefined. */
type Writable = { [Field in keyof Required<ProductInput>]: ProductInput[Field] };

/** Returns the writable fields of a product. The return type requires every field of {@link ProductInput}. */
export function writable(record: ProductRecord): Writable {
  const { sku, name, description, category, tags, price, stock, status, attributes } = record;
  return { sku, name, description, category, tags, price, stock, status, attributes };
}

function merged(current: ProductRecord, patch: ProductPatch): ProductInput {
  const before = writable(current);
  const result = checkChanged(before, mergePatch(before, patch));
  if (!('issues' in result)) return result;
  throw new InvalidRequest('With this patch, the product would not match the product schema.', {
    errors: faultsOf('body', result),
  });
}

const quickStored = quickReader(storedInput);
const TEXTS = Object.keys(newTexts.shape) as (keyof typeof newTexts.shape)[];

/**
 * Validates the result of changing a stored product. The texts that are unchanged may be older than the rules for those
 * of a request; the others are normalized, and must match the schema of a request.
 *
 * @param before the fields before the change
 * @returns the product with its defaults, or the schema's error
 */
export function checkChanged(
  before: Record<string, unknown>,
  next: unknown,
): ProductInput | z.core.$ZodError {
  const quick = quickStored(next);
  const { data: whole, error } =
    quick === UNSURE ? storedInput.safeParse(next) : { data: quick, error: undefined };
  if (!whole) return error as z.core.$ZodError;
  const changed = TEXTS.filter(
    (name) => whole[name] !== undefined && !isDeepStrictEqual(whole[name], before[name]),
  );
  if (changed.length === 0) return whole;
  const texts = newTexts.safeParse(Object.fromEntries(changed.map((name) => [name, whole[name]])));
  return texts.success ? ({ ...whole, ...texts.data } as ProductInput) : texts.error;
}

/** An update of a product's record. It includes the fields that depend on the changed ones, and the version. */
export interface Change {
  $set: Partial<ProductRecord>;
  $unset: Record<string, 1>;
  $inc: { version: 1 };
}

/** Returns the update that changes `current` to `next`, dated `now`; undefined when they are equal. */
export function changeOf(
  current: ProductRecord,
  next: ProductInput,
  now: Date,
): Change | undefined {
  const before = writable(current);
  const names = Object.keys(before) as (keyof ProductInput)[];
  const isSame = (name: keyof ProductInput) =>
    before[name] === next[name] || isDeepStrictEqual(before[name], next[name]);
  const changed = names.filter((name) => !isSame(name));
  if (changed.length === 0) return undefined;
  const isSet = (name: keyof ProductInput) => next[name] !== undefined;
  return {
    $set: {
      ...Object.fromEntries(changed.filter(isSet).map((name) => [name, next[name]])),
      terms: searchTerms(next),
      updatedAt: now,
    },
    $unset: Object.fromEntries(changed.filter((name) => !isSet(name)).map((name) => [name, 1])),
    $inc: { version: 1 },
  };
}

/**
 * Changes a product that still has the version of `current`.
 *
 * @returns the product after the change; null when it has another version
 * @throws {DuplicateKey} when the catalog has another product with its SKU
 */
export async function writeChange(
  { products }: Catalog,
  current: ProductRecord,
  change: Change,
): Promise<ProductRecord | null> {
  const { sku } = change.$set;
  if (sku !== undefined) await requireNoOtherForm(products, { _id: current._id, sku });
  try {
    return await products.updateIfVersion(current, change);
  } catch (error) {
    if (duplicateKeyFields(error)) throw takenSku(sku, error);
    throw error;
  }
}
