// The TypeScript blocks of api.md, which a test compares and runs.

import { ManystoreError, manystore } from '@manystore/client';

const client = manystore({
  url: process.env.API ?? 'http://localhost:3000',
  token: process.env.TOKEN ?? '',
});
const { data: health } = await client.GET('/health');
console.log(health.status);

const { data: store, response } = await client.POST('/stores', {
  body: { id: 'terrace', name: 'Tea on the Terrace', currency: 'EUR' },
});
console.log(response.status, store.id, store.status);

const terrace = { path: { store: 'terrace' } };
const { data: imported } = await client.POST('/stores/{store}/products/import', {
  params: terrace,
  headers: { 'content-type': 'text/csv' },
  body: `sku,name,category,amount,currency,stock
MINT-1,Peppermint,Tea,600,EUR,30
MINT-2,Spearmint,Tea,650,EUR,many
ICE-1,Iced Tea,Tea,450,EUR,80
`,
});
console.log(imported.created, imported.failed);

for await (const file of client.pages('/stores/{store}/products/export', {
  params: { ...terrace, query: { format: 'csv' } },
}))
  console.log(file);

const { data: added } = await client.POST('/stores/{store}/products', {
  params: terrace,
  body: {
    sku: 'CUP-1',
    name: 'Tea Cup',
    price: { amount: 1400, currency: 'EUR' },
    stock: 12,
    attributes: { color: 'blue' },
  },
});
console.log(added.id, added.version);

const cup = { path: { store: 'terrace', product: added.id } };
const header = { 'If-Match': `"${added.version}"` };
const { data: changed } = await client.PATCH('/stores/{store}/products/{product}', {
  params: { ...cup, header },
  body: { price: { amount: 1500 }, attributes: { color: null, size: '0.2 l' } },
});
console.log(changed.version, changed.price.amount, changed.attributes);

try {
  await client.PATCH('/stores/{store}/products/{product}', {
    params: { ...cup, header },
    body: { name: 'Cup' },
  });
} catch (error) {
  if (!(error instanceof ManystoreError) || error.kind !== 'stale-tag') throw error;
  console.log(error.status, error.headers.get('etag'));
}

for await (const product of client.items('/stores/{store}/products', {
  params: { ...terrace, query: { sort: 'price', limit: 2 } },
}))
  console.log(product.sku, product.price.amount);

const sell = (receipt: string, pieces: number) =>
  client.POST('/stores/{store}/products/{product}/stock', {
    params: { ...cup, header: { 'Idempotency-Key': receipt } },
    body: { by: -pieces },
  });
const { data: sold } = await sell('receipt-7', 2);
const { data: again } = await sell('receipt-7', 2);
console.log(sold.stock, again.stock);

try {
  await sell('receipt-8', 50);
} catch (error) {
  if (!(error instanceof ManystoreError)) throw error;
  console.log(error.message);
  if (error.problem?.type === 'urn:manystore:problem:insufficient-stock')
    console.log(error.kind, error.problem.stock);
}
