import { currency, instant, objectId, storeId } from '#lib/http/parts.ts';
import { money } from '#lib/products/schema.ts';
import { component, plainComponent } from './component.ts';

/** The schemas that requests and responses share. */
export const values = [
  plainComponent('Currency', currency, 'An ISO 4217 currency code.'),
  plainComponent('Id', objectId, 'An id that the service assigns: 24 hexadecimal digits.'),
  plainComponent('Instant', instant, 'A time in UTC (RFC 3339).'),
  component('Money', money, 'An amount of money.', {
    amount: 'The amount in the minor unit of the currency: 1999 in USD is 19.99 dollars.',
    currency: 'An ISO 4217 currency code.',
  }),
  plainComponent(
    'StoreId',
    storeId,
    'The id of a store: lowercase letters, digits and hyphens, without a leading or trailing hyphen.',
  ),
];
