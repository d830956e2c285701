import { type Check, expectEqual, needed, Unexpected } from './checks.ts';
import type { Setting } from './setting.ts';

/** Calls the search and the reports, whose figures depend on the last sync of the mirror. */
export const reportChecks = ({ client, stores, made }: Setting): Check[] => [
  {
    subject: 'search-products',
    title: 'returns a page',
    async run() {
      const { data } = await client.GET('/search', { params: { query: { limit: 1 } } });
      if (data.items.length > 1) throw new Unexpected('the page has more items than its limit');
    },
  },
  {
    subject: 'report-overview',
    title: 'has figures of both servers',
    async run() {
      const { data } = await client.GET('/reports/overview');
      expectEqual('the list of missing servers', data.missing, []);
    },
  },
  {
    subject: 'report-stores',
    title: 'returns a page',
    async run() {
      const { data } = await client.GET('/reports/stores', { params: { query: { limit: 1 } } });
      expectEqual('the number of stores', data.items.length, 1);
    },
  },
  {
    subject: 'report-history',
    title: 'has no snapshots of a new store',
    async run() {
      needed(made.store, 'create-store');
      const path = { store: stores.first };
      const { data } = await client.GET('/reports/stores/{store}/history', { params: { path } });
      expectEqual('the list of snapshots', data.items, []);
    },
  },
];
