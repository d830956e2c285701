import { type Check, expectEqual, expectStatus, needed, Skipped } from './checks.ts';
import { CURRENCY, type Setting } from './setting.ts';

/** Archives a product and restores it, and does the same with a record that was ingested, which lacks a SKU. */
export const archiveChecks = ({ client, stores, skus, made }: Setting): Check[] => {
  const inStore = { store: stores.first };
  const create = 'create-product-in-store';
  let isArchived = false;
  const archived = () => {
    const { id } = needed(made.product, create);
    if (!isArchived) throw new Skipped('needs the result of archive-product-in-store');
    return { ...inStore, product: id };
  };
  const restore = '/stores/{store}/archive/{product}/restoration';
  return [
    {
      subject: 'archive-product-in-store',
      title: 'moves a product to the archive',
      async run() {
        const path = { ...inStore, product: needed(made.product, create).id };
        const { response } = await client.DELETE('/stores/{store}/products/{product}', {
          params: { path },
        });
        expectEqual('the status', response.status, 204);
        isArchived = true;
        const read = client.GET('/stores/{store}/products/{product}', { params: { path } });
        await expectStatus(read, 404, 'not-found');
      },
    },
    {
      subject: 'list-archive',
      title: 'lists the archived product',
      async run() {
        const { product } = archived();
        const { data } = await client.GET('/stores/{store}/archive', { params: { path: inStore } });
        expectEqual(
          'the list of ids',
          data.items.map(({ _archive }) => _archive.id),
          [product],
        );
      },
    },
    {
      subject: 'get-archived-product',
      title: 'returns the archived product',
      async run() {
        const path = archived();
        const { data } = await client.GET('/stores/{store}/archive/{product}', {
          params: { path },
        });
        expectEqual('the SKU', data.sku, skus.product);
      },
    },
    {
      subject: 'restore-product',
      title: 'moves the product back to its store',
      async run() {
        const path = archived();
        const { data, response } = await client.POST(restore, { params: { path } });
        expectEqual('the product', [response.status, data.id], [201, path.product]);
      },
    },
    {
      subject: 'ingest-archive',
      title: 'adds a record to the archive',
      async run() {
        needed(made.store, 'create-store');
        const { data, response } = await client.POST('/stores/{store}/archive', {
          params: { path: inStore },
          body: { name: 'Smoke Test Tray', price: { amount: 900, currency: CURRENCY } },
        });
        expectEqual('the status', response.status, 201);
        made.record = data.archived[0] ?? '';
      },
    },
    {
      subject: 'report-drift',
      title: 'reports what that record lacks',
      async run() {
        needed(made.record, 'ingest-archive');
        const { data } = await client.GET('/reports/drift', {
          params: { query: { store: stores.first } },
        });
        expectEqual('the list of differences', data.items, [
          { path: '/sku', type: 'missing', count: 1 },
        ]);
      },
    },
    {
      subject: 'restore-product',
      title: 'returns 422 for a record that lacks a SKU, and restores it with a patch',
      async run() {
        const path = { ...inStore, product: needed(made.record, 'ingest-archive') };
        await expectStatus(client.POST(restore, { params: { path } }), 422, 'drifted');
        const sku = `${skus.product}-TRAY`;
        const { data } = await client.POST(restore, { params: { path }, body: { sku } });
        expectEqual('the SKU', data.sku, sku);
      },
    },
  ];
};
