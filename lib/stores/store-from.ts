import type { StoreRecord } from './record.ts';
import { clusterOf } from './registry.ts';
import type { Store } from './schema.ts';

/** Converts a registry entry to the store in a response. The return type requires every field of {@link Store}. */
export const storeFrom = ({
  _id,
  name,
  currency,
  cluster,
  status,
  version,
  createdAt,
  updatedAt,
}: StoreRecord): { [Field in keyof Required<Store>]: Store[Field] } => ({
  id: _id,
  name,
  currency,
  cluster: clusterOf({ cluster }),
  status,
  version,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
