import { type QueryFilter, trusted } from 'mongoose';
import { openCursor } from './cursor.ts';

/** How a list is sorted; records that are alike in `field` stand by their _id. */
export interface Order {
  field: string;
  direction: 1 | -1;
}

/**
 * The conditions for what lies behind a cursor; none without one.
 *
 * @param list what the cursor must have been made for
 * @throws {InvalidRequest} when it was not
 */
export function behindCursor<Found>(
  { field, direction }: Order,
  list: unknown,
  cursor: string | undefined,
): QueryFilter<Found>[] {
  if (cursor === undefined) return [];
  const [value, id] = openCursor(list, cursor);
  const [from, behind] = direction === 1 ? (['$gte', '$gt'] as const) : (['$lte', '$lt'] as const);
  const conditions =
    field === '_id'
      ? [{ _id: trusted({ [behind]: value }) }]
      : [
          // This one bounds the scan of the index; the next leaves out what the last page showed.
          { [field]: trusted({ [from]: value }) },
          {
            $or: [
              { [field]: trusted({ [behind]: value }) },
              { [field]: value, _id: trusted({ [behind]: id }) },
            ],
          },
        ];
  return conditions as QueryFilter<Found>[];
}
