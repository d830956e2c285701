import { type QueryFilter, trusted } from 'mongoose';
import { openCursor } from './cursor.ts';

/** The order of a list: by a field, and by _id among records with the same value. */
export interface Order {
  field: string;
  direction: 1 | -1;
}

/**
 * Returns the query conditions for the records after a cursor. Without a cursor, there are none.
 *
 * @param list the list that the cursor must belong to: see `sealCursor()`
 * @throws {InvalidRequest} when the cursor is invalid, or belongs to another list
 */
export function afterCursor<Found>(
  { field, direction }: Order,
  list: unknown,
  cursor: string | undefined,
): QueryFilter<Found>[] {
  if (cursor === undefined) return [];
  const [value, id] = openCursor(list, cursor);
  const [from, after] = direction === 1 ? (['$gte', '$gt'] as const) : (['$lte', '$lt'] as const);
  const conditions =
    field === '_id'
      ? [{ _id: trusted({ [after]: value }) }]
      : [
          // The first condition bounds the index scan; the second excludes the records of previous pages.
          { [field]: trusted({ [from]: value }) },
          {
            $or: [
              { [field]: trusted({ [after]: value }) },
              { [field]: value, _id: trusted({ [after]: id }) },
            ],
          },
        ];
  return conditions as QueryFilter<Found>[];
}
