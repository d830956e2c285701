import { expect, it } from '@jest/globals';
import { preferredType } from '#lib/http/accept.ts';

it.each([
  ['', undefined],
  ['*/*', undefined],
  ['text/html, application/json', undefined],
  ['text/csv', 'text/csv'],
  ['Text/CSV; header=present', 'text/csv'],
  ['text/html, text/csv;q=0.5', 'text/csv'],
  ['text/csv;q=0', undefined],
  ['text/csv, application/x-ndjson', 'application/x-ndjson'],
  ['application/x-ndjson;q=0.2, text/csv;q=0.3', 'text/csv'],
  ['text/csv;q=x', undefined],
])('Accept: %s selects %s', (accept, expected) => {
  expect(preferredType(accept, ['application/x-ndjson', 'text/csv'])).toBe(expected);
});
