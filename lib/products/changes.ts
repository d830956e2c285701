import { isDeepStrictEqual } from 'node:util';
import { duplicateKeyFields } from '@manystore/connections';
import { CHANGED_MEANWHILE, untilUnchanged } from '../documents/until-unchanged.ts';
import { type ExpectedVersions, isExpected, staleVersion } from '../http/etag.ts';
import { faultsOf } from '../http/faults.ts';
import { mergePatch } from '../http/merge-patch.ts';
import { InvalidRequest } from '../http/problems.ts';
import type { Catalog } from './catalog.ts';
import { productFrom, readProduct, takenSku } from './products.ts';
import type { ProductRecord } from './record.ts';
import { type Product, type ProductInput, type ProductPatch, productInput } from './schema.ts';
import { searchTerms } from './search-terms.ts';

/**
 * Changes a product by a merge patch. It is read, merged and checked as a whole, and written only if nobody
 * wrote in between; else it is read anew. A patch that changes nothing writes nothing.
 *
 * @param expected the versions in which it may be changed
 * @throws {NotFound} when it is not there
 * @throws {StaleTag} when it has none of the `expected` versions
 * @throws {InvalidRequest} when the patch would leave a product that the schema refuses
 * @throws {DuplicateKey} when the patch gives it the SKU of another product
 */
export function patchProduct(
  catalog: Catalog,
  { id, patch, expected }: { id: string; patch: ProductPatch; expected: ExpectedVersions },
): Promise<Product> {
  return untilUnchanged(async () => {
    const current = await readProduct(catalog, id);
    if (!isExpected(expected, current)) throw staleVersion(current);
    const change = changeOf(current, merged(current, patch), new Date());
    if (!change) return productFrom(current, catalog.store);
    const changed = await writeChange(catalog, current, change);
    return changed ? productFrom(changed, catalog.store) : CHANGED_MEANWHILE;
  });
}

/** Every field that a caller can write; one that a product lacks is undefined. */
type Writable = { [Field in keyof Required<ProductInput>]: ProductInput[Field] };

/** Returns what a caller can write of a product, as it is now. A field that is missing here does not compile. */
export function writable(record: ProductRecord): Writable {
  const { sku, name, description, category, tags, price, stock, status, attributes } = record;
  return { sku, name, description, category, tags, price, stock, status, attributes };
}

function merged(current: ProductRecord, patch: ProductPatch): ProductInput {
  const result = productInput.safeParse(mergePatch(writable(current), patch));
  if (result.success) return result.data;
  throw new InvalidRequest('With this patch, the product would not match the product schema.', {
    errors: faultsOf('body', result.error),
  });
}

/** An update of a product's record, with all that goes with a change. */
export interface Change {
  $set: Partial<ProductRecord>;
  $unset: Record<string, 1>;
  $inc: { version: 1 };
}

/** The update that makes `next` of `current` at `now`; undefined when they are equal. */
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
 * Writes a change of the version `current`.
 *
 * @returns the product as it is afterwards; null when it has another version
 * @throws {DuplicateKey} when the catalog has another product with its SKU
 */
export async function writeChange(
  { products }: Catalog,
  current: ProductRecord,
  change: Change,
): Promise<ProductRecord | null> {
  try {
    return await products.updateIfVersion(current, change);
  } catch (error) {
    if (duplicateKeyFields(error)) throw takenSku(change.$set.sku, error);
    throw error;
  }
}
