import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { MongoClient, ObjectId } from 'mongodb';

/*
 * get-product with nothing but MongoDB's driver, as a careful engineer would write it: the client is at module scope and
 * connects with the first query, as MongoDB's guide for Lambda recommends; the id is checked, and the response has an ETag.
 * It checks no scope and logs nothing.
 */

interface Product {
  _id: ObjectId;
  version: number;
  terms: string[];
}

const client = new MongoClient(process.env.PRIMARY_CONN_STR ?? '', {
  maxPoolSize: 5,
  maxIdleTimeMS: 60_000,
  serverSelectionTimeoutMS: 5_000,
});
const products = client.db().collection<Product>('products');

const answer = (statusCode: number, body?: object, headers: Record<string, string> = {}) => ({
  statusCode,
  headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
  ...(body ? { body: JSON.stringify(body) } : {}),
});

export async function handler(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { product = '' } = event.pathParameters ?? {};
  if (!/^[0-9a-f]{24}$/.test(product)) return answer(400, { message: 'No id of a product' });
  try {
    const found = await products.findOne(
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
