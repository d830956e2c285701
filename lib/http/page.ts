import { bytesInAnswer, LARGEST_ANSWER, mostBytesInAnswer } from './answer-size.ts';
import { sealCursor } from './cursor.ts';

/*
 * Keyset pages: a page starts behind the position where the one before it ended, not at an offset. So it
 * costs the same however far into the list it is, and neither repeats nor skips an item when others come
 * and go.
 */

/** A page of a list, and the cursor of the page after it. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/**
 * A page of what was found.
 *
 * @param records one more than `limit`, if there is more
 * @param list what its cursor is bound to: see `sealCursor()`
 * @param positionOf where a record stands: its value in the order's field, and its _id
 */
export function pageOf<Found, Item>(
  records: Found[],
  {
    limit,
    list,
    positionOf,
    present,
  }: {
    limit: number;
    list: unknown;
    positionOf: (record: Found) => readonly unknown[];
    present: (record: Found) => Item;
  },
): Page<Item> {
  const items = fitting(records.slice(0, limit).map(present));
  const last = records[items.length - 1];
  const hasMore = records.length > items.length && last !== undefined;
  return { items, next: hasMore ? sealCursor(list, positionOf(last)) : null };
}

/** As many of the first items as an answer has room for; one at least. */
function fitting<Item>(items: Item[]): Item[] {
  if (mostBytesInAnswer(items) <= LARGEST_ANSWER) return items;
  let bytes = 0;
  const tooMany = items.findIndex((item) => {
    bytes += bytesInAnswer(item);
    return bytes > LARGEST_ANSWER;
  });
  return tooMany === -1 ? items : items.slice(0, Math.max(1, tooMany));
}
