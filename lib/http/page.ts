import { bytesInAnswer, MAX_RESPONSE_BYTES, mostBytesInAnswer } from './answer-size.ts';
import { sealCursor } from './cursor.ts';

/*
 * Keyset pagination: a page starts after the position where the previous one ended, not at an offset. So every page
 * costs the same, and no item is repeated or skipped when others are added or removed.
 */

/** A page of a list, and the cursor of the next page; null if it is the last page. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/**
 * Returns a page of a list from the records that a query found.
 *
 * @param records one more than `limit`, if there are more
 * @param list what the cursor is bound to: see `sealCursor()`
 * @param positionOf returns a record's position: its value of the order's field, and its _id
 */
export function pageOf<Found, Item>(
  records: Found[],
  {
    limit,
    list,
    positionOf,
    toItem,
  }: {
    limit: number;
    list: unknown;
    positionOf: (record: Found) => readonly unknown[];
    toItem: (record: Found) => Item;
  },
): Page<Item> {
  const items = fitting(records.slice(0, limit).map(toItem));
  const last = records[items.length - 1];
  const hasMore = records.length > items.length && last !== undefined;
  return { items, next: hasMore ? sealCursor(list, positionOf(last)) : null };
}

/** Returns as many of the first items as fit in a response, and at least one. */
function fitting<Item>(items: Item[]): Item[] {
  if (mostBytesInAnswer(items) <= MAX_RESPONSE_BYTES) return items;
  let bytes = 0;
  const tooMany = items.findIndex((item) => {
    bytes += bytesInAnswer(item);
    return bytes > MAX_RESPONSE_BYTES;
  });
  return tooMany === -1 ? items : items.slice(0, Math.max(1, tooMany));
}
