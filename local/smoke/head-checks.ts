import { type Check, expectEqual, needed, Unexpected } from './checks.ts';
import { CURRENCY, type Setting } from './setting.ts';

/** Creates a draft in the head catalog, publishes it into both stores, and moves stock of it from one to the other. */
export const headChecks = ({ client, stores, skus, made }: Setting): Check[] => {
  const pathOf = () => ({ product: needed(made.headProduct, 'create-product').id });
  const both = [stores.first, stores.second];
  return [
    {
      subject: 'create-product',
      title: 'creates a draft in the head catalog',
      async run() {
        const { data, response } = await client.POST('/products', {
          body: {
            sku: skus.head,
            name: 'Smoke Test Lamp',
            price: { amount: 4_900, currency: CURRENCY },
            status: 'draft',
          },
        });
        expectEqual('the status', response.status, 201);
        made.headProduct = data;
      },
    },
    {
      subject: 'get-product',
      title: 'returns the draft',
      async run() {
        const { data } = await client.GET('/products/{product}', { params: { path: pathOf() } });
        expectEqual('the product', data, made.headProduct);
      },
    },
    {
      subject: 'update-product',
      title: 'changes the draft',
      async run() {
        const { data } = await client.PATCH('/products/{product}', {
          params: { path: pathOf() },
          body: { price: { amount: 5_100 } },
        });
        expectEqual('the price', data.price.amount, 5_100);
      },
    },
    {
      subject: 'list-products',
      title: 'finds the draft by its SKU',
      async run() {
        pathOf();
        const { data } = await client.GET('/products', { params: { query: { q: skus.head } } });
        expectEqual(
          'the list of SKUs',
          data.items.map(({ sku }) => sku),
          [skus.head],
        );
      },
    },
    {
      subject: 'import-products',
      title: 'changes the draft from a file',
      async run() {
        pathOf();
        const { data } = await client.POST('/products/import', {
          headers: { 'content-type': 'application/x-ndjson' },
          body: JSON.stringify({ sku: skus.head, tags: ['smoke'] }),
        });
        expectEqual('the result', [data.created, data.updated, data.failed.length], [0, 1, 0]);
      },
    },
    {
      subject: 'export-products',
      title: 'returns the head catalog',
      async run() {
        pathOf();
        const { data } = await client.GET('/products/export', { params: { query: { limit: 1 } } });
        if (!data.includes('"sku"')) throw new Unexpected('the file has no product');
      },
    },
    {
      subject: 'publish-product',
      title: 'copies the draft into both stores',
      async run() {
        needed(made.store, 'create-store');
        const { data } = await client.POST('/products/{product}/publications', {
          params: { path: pathOf() },
          body: { stores: both },
        });
        expectEqual(
          'the result',
          data.results.map(({ store, result }) => [store, result]),
          both.map((store) => [store, 'created']),
        );
      },
    },
    {
      subject: 'transfer-stock',
      title: 'moves stock from one store to the other',
      async run() {
        const copyIn = async (store: string) => {
          const query = { q: skus.head };
          const params = { path: { store }, query };
          const { data } = await client.GET('/stores/{store}/products', { params });
          return needed(data.items[0], 'publish-product');
        };
        pathOf();
        const { id } = await copyIn(stores.first);
        await client.POST('/stores/{store}/products/{product}/stock', {
          params: { path: { store: stores.first, product: id } },
          body: { by: 5 },
        });
        const [from, to] = both as [string, string];
        const { response } = await client.POST('/transfers', {
          body: { from, to, sku: skus.head, quantity: 2 },
        });
        const stocks = [(await copyIn(from)).stock, (await copyIn(to)).stock];
        expectEqual('the status and the stocks', [response.status, ...stocks], [201, 3, 2]);
      },
    },
  ];
};
