import { manystore, type NewProduct, type Product } from '@manystore/client';

const client = manystore({
  url: process.env.MANYSTORE_URL ?? 'http://localhost:3000',
  token: process.env.MANYSTORE_TOKEN ?? '',
});

/** Adds a product, and then changes its price, unless another client has changed the product in between. */
export async function addAtHalfPrice(store: string, input: NewProduct): Promise<Product> {
  const { data: added } = await client.POST('/stores/{store}/products', {
    params: { path: { store } },
    body: input,
  });
  const { data: changed } = await client.PATCH('/stores/{store}/products/{product}', {
    params: {
      path: { store, product: added.id },
      header: { 'If-Match': `"${added.version}"` },
    },
    body: { price: { amount: Math.round(added.price.amount / 2) } },
  });
  return changed;
}

/** Iterates over all products of a category, page by page. */
export async function skusOf(store: string, category: string): Promise<string[]> {
  const skus: string[] = [];
  for await (const { sku } of client.items('/stores/{store}/products', {
    params: { path: { store }, query: { category, sort: 'name', limit: 100 } },
  }))
    skus.push(sku);
  return skus;
}

/** Copies a catalog to another store: an export is a sequence of files, each of which can be imported. */
export async function copyCatalog(from: string, to: string): Promise<number> {
  let created = 0;
  for await (const file of client.pages('/stores/{store}/products/export', {
    params: { path: { store: from } },
  })) {
    // The file of a catalog without products is empty.
    if (!file) continue;
    const { data } = await client.POST('/stores/{store}/products/import', {
      params: { path: { store: to } },
      headers: { 'content-type': 'application/x-ndjson' },
      body: file,
    });
    created += data.created;
  }
  return created;
}
