import { currency, instant, objectId, storeId } from '#lib/http/parts.ts';
import { money } from '#lib/products/schema.ts';
import { component, plainComponent } from './component.ts';

/** What requests and answers have in common. */
export const values = [
  plainComponent('Currency', currency, 'A currency, by its ISO 4217 code.'),
  plainComponent('Id', objectId, 'An id that the service gives: 24 hexadecimal digits.'),
  plainComponent('Instant', instant, 'A moment in UTC (RFC 3339).'),
  component('Money', money, 'An amount of money.', {
    amount: 'In the minor unit of the currency: 1999 of USD are 19.99 dollars.',
    currency: 'An ISO 4217 code.',
  }),
  plainComponent(
    'StoreId',
    storeId,
    'The id of a store: lower-case letters, digits and hyphens, with no hyphen at its ends.',
  ),
];
