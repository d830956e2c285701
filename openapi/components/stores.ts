import { store, storeClosing, storeInput, storePage, storePatch } from '#lib/stores/schema.ts';
import { component, pageComponent } from './component.ts';

const NAME = 'The display name, a single line of text.';
const CURRENCY = 'The currency of the store, as an ISO 4217 code.';

export const stores = {
  requests: [
    component('StoreInput', storeInput, 'The data to create a store.', {
      id: 'The id, which the client chooses. It cannot be changed, and is not reused after the store is closed.',
      name: NAME,
      currency: CURRENCY,
      cluster:
        'The cluster of the store’s database; only with a token for all stores. By default, the service chooses it. It cannot be changed.',
    }),
    component('StorePatch', storePatch, 'A JSON merge patch (RFC 7396) for a store.', {
      name: NAME,
      status: '`suspended` blocks all changes to the store’s products; `active` allows them again.',
    }),
  ],
  answers: [
    component('Store', store, 'A store. Each store has its own database.', {
      id: 'The id that the store was created with.',
      name: NAME,
      currency: CURRENCY,
      cluster: 'The name of the cluster that the store’s database is on.',
      status:
        'Products can be changed while the store is `active`, and read until it is `closed`. A `closing` store cannot be reopened.',
      version:
        'The version, which starts at 1 and grows with each change. It is the value of the store’s ETag.',
      createdAt: 'When the store was created.',
      updatedAt: 'When the store was last changed.',
    }),
    pageComponent('StorePage', storePage, 'stores, ordered by id', {}),
    component('StoreClosing', storeClosing, 'The progress of closing a store.', {
      status: '`closing` while there is more to do, then `closed`.',
      archived: 'The number of products archived since closing began.',
      remaining: 'The number of products still in the store.',
    }),
  ],
};
