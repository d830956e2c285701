import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { getProduct, productsOf } from './get-product.ts';
import { readParameter } from './read-parameter.cjs';

/*
 * The bare driver's get-product with its connection string in Parameter Store. It reads the parameter while the module is
 * loaded, and creates the client as soon as it can. A failure ends the container, and Lambda starts another one.
 */

const products = readParameter(process.env.SECRETS_PARAMETER ?? '').then((text) =>
  productsOf(JSON.parse(text).primary),
);

export const handler = (event: APIGatewayProxyEventV2) => getProduct(products, event);
