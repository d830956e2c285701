import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Collection, MongoClient, ObjectId } from 'mongodb';

/*
 * get-product with nothing but MongoDB's driver, as a careful engineer would write it: the id is checked, and the response has
 * an ETag. It checks no scope and logs nothing.
 */

export interface Product {
  _id: ObjectId;
  version: number;
  terms: string[];
}

/** Returns the collection of a client that connects with the first query, as MongoDB's guide for Lambda recommends. */
export function productsOf(uri: string): Collection<Product> {
  const client = new MongoClient(uri, {
    maxPoolSize: 5,
    maxIdleTimeMS: 60_000,
    serverSelectionTimeoutMS: 5_000,
  });
  return client.db().collection<Product>('products');
}

const answer = (statusCode: number, body?: object, headers: Record<string, string> = {}) => ({
  statusCode,
  headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
  ...(body ? { body: JSON.stringify(body) } : {}),
});

export async function getProduct(
  products: Collection<Product> | Promise<Collection<Product>>,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { product = '' } = event.pathParameters ?? {};
  if (!/^[0-9a-f]{24}$/.test(product)) return answer(400, { message: 'No id of a product' });
  try {
    const found = await ('then' in products ? await products : products).findOne(
      { _id: new ObjectId(product) },
      { projection: { terms: 0 } },
    );
    if (!found) return answer(404, { message: 'There is no such product' });
    const { _id, ...rest } = found;
    const etag = `"${rest.version}"`;
    if (event.headers['if-none-match'] === etag) return answer(304, undefined, { etag });
    return answer(200, { id: _id.toHexString(), ...rest }, { etag });
  } catch (error) {
    console.error(error);
    return answer(500, { message: 'It went wrong' });
  }
}
