import { type Check, expectEqual, expectStatus, needed } from './checks.ts';
import { CURRENCY, type Setting } from './setting.ts';

/** Creates the two stores, reads one, and changes it. */
export const storeChecks = ({ client, stores, made }: Setting): Check[] => {
  const path = { store: stores.first };
  return [
    {
      subject: 'create-store',
      title: 'creates two stores on the same cluster',
      async run() {
        const create = async (id: string, cluster?: string) => {
          const body = { id, name: 'Smoke test', currency: CURRENCY };
          const { data, response } = await client.POST('/stores', {
            body: { ...body, ...(cluster === undefined ? {} : { cluster }) },
          });
          expectEqual('the store', [response.status, data.id, data.status], [201, id, 'active']);
          return data;
        };
        const store = await create(stores.first);
        // Stock is transferred within a cluster.
        await create(stores.second, store.cluster);
        made.store = store;
      },
    },
    {
      subject: 'get-store',
      title: 'returns a store, and 304 for its current ETag',
      async run() {
        const store = needed(made.store, 'create-store');
        const { data, response } = await client.GET('/stores/{store}', { params: { path } });
        expectEqual('the store', data, store);
        const header = { 'If-None-Match': response.headers.get('etag') ?? '' };
        await expectStatus(client.GET('/stores/{store}', { params: { path, header } }), 304);
      },
    },
    {
      subject: 'list-stores',
      title: 'returns a page',
      async run() {
        const { data } = await client.GET('/stores', { params: { query: { limit: 1 } } });
        expectEqual('the number of stores', data.items.length, 1);
      },
    },
    {
      subject: 'update-store',
      title: 'renames a store, and returns 412 for an old ETag',
      async run() {
        const store = needed(made.store, 'create-store');
        const header = { 'If-Match': `"${store.version}"` };
        const rename = () =>
          client.PATCH('/stores/{store}', {
            params: { path, header },
            body: { name: 'Smoke test, renamed' },
          });
        expectEqual('the name', (await rename()).data.name, 'Smoke test, renamed');
        await expectStatus(rename(), 412, 'stale-tag');
      },
    },
  ];
};
