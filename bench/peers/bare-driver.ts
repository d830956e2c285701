import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { getProduct, productsOf } from './get-product.ts';

/* get-product with nothing but MongoDB's driver. The client is at module scope. */

const products = productsOf(process.env.PRIMARY_CONN_STR ?? '');

export const handler = (event: APIGatewayProxyEventV2) => getProduct(products, event);
