import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { MongoClient, type ObjectId } from 'mongodb';

/*
 * list-products with nothing but MongoDB's driver: the same filter, projection, order and limit, and the same
 * answer. It checks no scope, signs no cursor and logs nothing.
 */

interface Product {
  _id: ObjectId;
  terms: string[];
}

const client = new MongoClient(process.env.PRIMARY_CONN_STR ?? '', { maxPoolSize: 5 });
const products = client.db().collection<Product>('products');

export async function handler(
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const limit = Number(event.queryStringParameters?.limit ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) return { statusCode: 400 };
  const found = await products
    .find({}, { projection: { terms: 0 } })
    .sort({ createdAt: 1, _id: 1 })
    .limit(limit + 1)
    .toArray();
  const items = found
    .slice(0, limit)
    .map(({ _id, ...rest }) => ({ id: _id.toHexString(), ...rest }));
  const next = found.length > limit ? items.at(-1)?.id : null;
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ items, next }),
  };
}
