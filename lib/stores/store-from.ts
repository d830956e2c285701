import type { StoreRecord } from './record.ts';
import type { Store } from './schema.ts';

/** Returns the store of an entry, as a response shows it. A field that is missing here does not compile. */
export const storeFrom = ({
  _id,
  name,
  currency,
  status,
  version,
  createdAt,
  updatedAt,
}: StoreRecord): { [Field in keyof Required<Store>]: Store[Field] } => ({
  id: _id,
  name,
  currency,
  status,
  version,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
