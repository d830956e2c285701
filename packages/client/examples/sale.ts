import { ManystoreError, manystore, NetworkError } from '@manystore/client';

const client = manystore({
  url: process.env.MANYSTORE_URL ?? 'http://localhost:3000',
  token: process.env.MANYSTORE_TOKEN ?? '',
});

/**
 * Sells some pieces of a product. The receipt is the key of the request, so that it is sold only once, also if this function
 * is called again for the same receipt.
 */
export async function sell(store: string, product: string, pieces: number, receipt: string) {
  try {
    const { data } = await client.POST('/stores/{store}/products/{product}/stock', {
      params: { path: { store, product }, header: { 'Idempotency-Key': receipt } },
      body: { by: -pieces },
    });
    return `Sold. ${data.stock} left.`;
  } catch (error) {
    if (error instanceof ManystoreError) {
      const { problem } = error;
      if (problem?.type === 'urn:manystore:problem:insufficient-stock')
        return `Only ${problem.stock} left.`;
      if (error.kind === 'not-found') return 'There is no such product.';
    }
    // The client has already retried. The sale may have been made: try again later with the same receipt.
    if (error instanceof NetworkError) return `Try again: ${error.message}`;
    throw error;
  }
}
