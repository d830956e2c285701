import { createHmac, timingSafeEqual } from 'node:crypto';
import { secrets } from '../runtime/secrets.ts';
import { InvalidRequest } from './problems.ts';

/*
 * A cursor says where a page ended: `<position>.<signature>`, both in base64url. The signature covers the
 * position and the list that it belongs to, so that a cursor serves for its own store, filter and order
 * alone, and nobody can make one up.
 */

const SIGNATURE_BYTES = 16;

/**
 * @param list what the cursor belongs to: everything that decides which items there are, and their order
 * @param position where the page ended, as JSON
 */
export function sealCursor(list: unknown, position: readonly unknown[]): string {
  const text = Buffer.from(JSON.stringify(position)).toString('base64url');
  return `${text}.${sign(list, text)}`;
}

/**
 * The position that {@link sealCursor} put into `cursor`.
 *
 * @throws {InvalidRequest} when the cursor was not made for this list, or not made here
 */
export function openCursor(list: unknown, cursor: string): unknown[] {
  const [text = ''] = cursor.split('.');
  const expected = Buffer.from(`${text}.${sign(list, text)}`);
  const given = Buffer.from(cursor);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new InvalidRequest(
      'The cursor is not valid for this list. Use the filters and sort order that it was issued for, or start at the first page.',
      {
        errors: [
          {
            in: 'query',
            pointer: '/cursor',
            reason: 'must be a cursor of this list, with the same filters and sort order',
          },
        ],
      },
    );
  return JSON.parse(Buffer.from(text, 'base64url').toString());
}

function sign(list: unknown, text: string): string {
  return createHmac('sha256', secrets().cursor)
    .update(JSON.stringify([list, text]))
    .digest()
    .subarray(0, SIGNATURE_BYTES)
    .toString('base64url');
}
