import { type QueryFilter, trusted } from 'mongoose';
import { bytesInAnswer, LARGEST_ANSWER, mostBytesInAnswer } from './answer-size.ts';
import { openCursor, sealCursor } from './cursor.ts';

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

/** The `Link` header to the next page (RFC 8288): the same request with that page's cursor. */
export function linkToNext(
  { url, query }: { url: string; query: Record<string, string | number | undefined> },
  { next }: Pick<Page<unknown>, 'next'>,
): Record<string, string> {
  if (next === null) return {};
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor: next }))
    if (value !== undefined) parameters.set(name, String(value));
  return { link: `<${url}?${parameters}>; rel="next"` };
}
