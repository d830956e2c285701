import { type Check, expectEqual, expectStatus, needed, Unexpected } from './checks.ts';
import { CURRENCY, type Setting } from './setting.ts';

/** Creates products in the first store, changes them, sells them, and imports and exports files. */
export const productChecks = ({ client, stores, skus, made }: Setting): Check[] => {
  const inStore = { store: stores.first };
  const create = 'create-product-in-store';
  const pathOf = () => ({ ...inStore, product: needed(made.product, create).id });
  return [
    {
      subject: create,
      title: 'creates a product once, although its request is repeated',
      async run() {
        needed(made.store, 'create-store');
        const post = () =>
          client.POST('/stores/{store}/products', {
            params: { path: inStore, header: { 'Idempotency-Key': skus.product } },
            body: {
              sku: skus.product,
              name: 'Smoke Test Cup',
              price: { amount: 1_400, currency: CURRENCY },
              stock: 10,
            },
          });
        const { data, response } = await post();
        expectEqual('the status', response.status, 201);
        made.product = data;
        expectEqual('the repeated response', (await post()).data, data);
      },
    },
    {
      subject: 'get-product-in-store',
      title: 'returns a product, and 304 for its current ETag',
      async run() {
        const path = pathOf();
        const read = (header: { 'If-None-Match'?: string }) =>
          client.GET('/stores/{store}/products/{product}', { params: { path, header } });
        const { data, response } = await read({});
        expectEqual('the product', data, made.product);
        await expectStatus(read({ 'If-None-Match': response.headers.get('etag') ?? '' }), 304);
      },
    },
    {
      subject: 'update-product-in-store',
      title: 'changes a price, and returns 412 for an old ETag',
      async run() {
        const path = pathOf();
        const header = { 'If-Match': `"${made.product?.version}"` };
        const change = () =>
          client.PATCH('/stores/{store}/products/{product}', {
            params: { path, header },
            body: { price: { amount: 1_500 } },
          });
        expectEqual('the price', (await change()).data.price.amount, 1_500);
        await expectStatus(change(), 412, 'stale-tag');
      },
    },
    {
      subject: 'list-products-in-store',
      title: 'finds a product by a word of its name',
      async run() {
        pathOf();
        const { data } = await client.GET('/stores/{store}/products', {
          params: { path: inStore, query: { q: 'cup' } },
        });
        expectEqual(
          'the list of SKUs',
          data.items.map(({ sku }) => sku),
          [skus.product],
        );
      },
    },
    {
      subject: 'adjust-stock',
      title: 'sells two pieces, and returns 409 for more than there are',
      async run() {
        const path = pathOf();
        const sell = (pieces: number) =>
          client.POST('/stores/{store}/products/{product}/stock', {
            params: { path },
            body: { by: -pieces },
          });
        expectEqual('the stock', (await sell(2)).data.stock, 8);
        await expectStatus(sell(9), 409, 'insufficient-stock');
      },
    },
    {
      subject: 'import-products-in-store',
      title:
        'creates a product from CSV, updates it from JSON, and changes nothing the second time',
      async run() {
        needed(made.store, 'create-store');
        const send = async (type: string, body: string) => {
          const { data } = await client.POST('/stores/{store}/products/import', {
            params: { path: inStore },
            headers: { 'content-type': type },
            body,
          });
          return [data.created, data.updated, data.unchanged, data.failed.length];
        };
        const csv = `sku,name,amount,currency,stock\n${skus.imported},Smoke Test Pot,3900,${CURRENCY},1\n`;
        const json = JSON.stringify([{ sku: skus.imported, stock: 3 }]);
        expectEqual('the result of the CSV file', await send('text/csv', csv), [1, 0, 0, 0]);
        expectEqual('the result of the JSON file', await send('application/json', json), [
          ...[0, 1, 0, 0],
        ]);
        const ndjson = json.slice(1, -1);
        expectEqual(
          'the result of the NDJSON file',
          await send('application/x-ndjson', ndjson),
          [0, 0, 1, 0],
        );
      },
    },
    {
      subject: 'export-products-in-store',
      title: 'returns the products as NDJSON and as CSV',
      async run() {
        needed(made.store, 'create-store');
        for (const format of ['ndjson', 'csv'] as const) {
          const { data } = await client.GET('/stores/{store}/products/export', {
            params: { path: inStore, query: { format } },
          });
          const expected = [made.product?.sku].filter((sku) => sku !== undefined);
          const missing = expected.filter((sku) => !data.includes(sku));
          if (missing.length > 0 || data === '')
            throw new Unexpected(`the file in ${format} lacks ${missing.join() || 'products'}`);
        }
      },
    },
  ];
};
