// Type-checked only, against the installed package.
import {
  FailedCall,
  type Manystore,
  ManystoreError,
  manystore,
  type NewProduct,
  type Product,
} from '@manystore/client';

const client: Manystore = manystore({ url: 'https://catalog.example', token: async () => '' });

export async function use(input: NewProduct, signal: AbortSignal): Promise<Product[]> {
  const params = { path: { store: 'acme' } };
  try {
    const { data } = await client.POST('/stores/{store}/products', { params, body: input, signal });
    const products: Product[] = [data];
    for await (const product of client.items('/stores/{store}/products', { params }))
      products.push(product);
    // @ts-expect-error: A product has no colour.
    data.colour;
    return products;
  } catch (error) {
    if (error instanceof ManystoreError && error.problem?.status === 404) return [];
    if (error instanceof FailedCall) console.log(error.attempts);
    throw error;
  }
}
