import { InvalidRecord } from '../http/invalid-record.ts';
import type { ProductCollection } from './collection.ts';
import type { ProductRecord } from './record.ts';

type Check = (record: Partial<ProductRecord>) => boolean;

/**
 * Whether each field that a response contains has its type. The compiler requires every field of {@link ProductRecord}.
 * Each check reads its field by name, which is several times as fast as by a variable.
 */
const FIELDS = Object.entries({
  sku: ({ sku }) => typeof sku === 'string',
  name: ({ name }) => typeof name === 'string',
  description: ({ description: text }) => text === undefined || typeof text === 'string',
  category: ({ category: text }) => text === undefined || typeof text === 'string',
  tags: ({ tags }) => Array.isArray(tags),
  price: ({ price }) => typeof price?.amount === 'number' && typeof price.currency === 'string',
  stock: ({ stock }) => typeof stock === 'number',
  status: ({ status }) => typeof status === 'string',
  attributes: ({ attributes }) => typeof attributes === 'object' && attributes !== null,
  store: ({ store }) => store === undefined || typeof store?.id === 'string',
  version: ({ version }) => typeof version === 'number',
  createdAt: ({ createdAt }) => createdAt instanceof Date,
  updatedAt: ({ updatedAt }) => updatedAt instanceof Date,
} satisfies Record<Exclude<keyof ProductRecord, '_id' | 'terms'>, Check>) as [
  keyof ProductRecord,
  Check,
][];

/**
 * Requires that a stored document is a product, which it is unless another program has written it. Only types are
 * checked, because it runs for every product that is read.
 *
 * @param products the collection that the document was read from
 * @throws {InvalidRecord} when it is not a product. It names the document, and what is wrong with it
 */
export function requireProduct(record: ProductRecord, products: ProductCollection): void {
  for (const [, isValid] of FIELDS) if (!isValid(record)) throw invalidRecord(record, products);
}

/** Another program may use any value as an `_id`. */
const MAX_ID_LENGTH = 100;

function invalidRecord(record: ProductRecord, { namespace }: ProductCollection): InvalidRecord {
  const faults = FIELDS.filter(([, isValid]) => !isValid(record)).map(
    ([field]) => `${field} ${record[field] === undefined ? 'is missing' : 'has another type'}`,
  );
  return new InvalidRecord(
    `The document ${String(record._id).slice(0, MAX_ID_LENGTH)} of ${namespace} is not a product of this service: ${faults.join(', ')}`,
  );
}
