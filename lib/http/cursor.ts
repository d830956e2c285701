import { createHmac, timingSafeEqual } from 'node:crypto';
import { secrets } from '../runtime/secrets.ts';
import { InvalidRequest } from './problems.ts';

/*
 * A cursor is the position where a page ended: `<position>.<signature>`, both in base64url. The signature covers the
 * position and the list, so that a cursor is valid only for its own store, filters and sort order, and cannot be forged.
 */

const SIGNATURE_BYTES = 16;

/**
 * Returns a signed cursor.
 *
 * @param list what the cursor belongs to: everything that decides which items there are, and their order
 * @param position where the page ended, as JSON
 */
export function sealCursor(list: unknown, position: readonly unknown[]): string {
  const text = Buffer.from(JSON.stringify(position)).toString('base64url');
  return `${text}.${sign(list, text)}`;
}

/**
 * Verifies a cursor and returns its position.
 *
 * @throws {InvalidRequest} when {@link sealCursor} did not make it for this list
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
