import { store, storeClosing, storeInput, storePage, storePatch } from '#lib/stores/schema.ts';
import { component, pageComponent } from './component.ts';

const NAME = 'What people call the store: one line of text.';
const CURRENCY = 'The currency of the store, by its ISO 4217 code.';

export const stores = {
  requests: [
    component('StoreInput', storeInput, 'A store as a caller opens it.', {
      id: 'A name of the caller’s choosing, for ever: the id of a closed store is not given out again.',
      name: NAME,
      currency: CURRENCY,
    }),
    component('StorePatch', storePatch, 'A JSON merge patch (RFC 7396) of a store.', {
      name: NAME,
      status: '`suspended` refuses every change of its products; `active` allows them again.',
    }),
  ],
  answers: [
    component('Store', store, 'A store, which has a database of its own.', {
      id: 'The id that it was opened with.',
      name: NAME,
      currency: CURRENCY,
      status:
        'Products are changed while it is `active`, and read until it is `closed`. A `closing` store does not come back.',
      version: 'Counts the changes from 1. It is the ETag of the store.',
      createdAt: 'When it was opened.',
      updatedAt: 'When it was last changed.',
    }),
    pageComponent('StorePage', storePage, 'stores, by id', {}),
    component('StoreClosing', storeClosing, 'How far the closing of a store is.', {
      status: '`closing` as long as there is more to do, then `closed`.',
      archived: 'Products that are in the archive since it began.',
      remaining: 'Products that are still in the store.',
    }),
  ],
};
