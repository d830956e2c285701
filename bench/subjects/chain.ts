import { created } from '#lib/http/answers.ts';
import { jsonBody } from '#lib/http/contract.ts';
import { idempotencyKey } from '#lib/http/headers.ts';
import { operation } from '#lib/http/operation.ts';
import { quickInput } from '#lib/products/quick-input.ts';
import { catalogPath, product, productInput } from '#lib/products/schema.ts';

/* The chain of create-product, with nothing behind it: what stands for the product in the answer was in the request. */

const now = '2026-11-23T12:00:00.000Z';

export const handler = operation(
  {
    name: 'create-product',
    summary: 'Answers as if it had added a product.',
    routes: ['POST /products', 'POST /stores/{store}/products'],
    repeat: 'safe',
    scope: 'products:write',
    path: catalogPath,
    headers: idempotencyKey,
    body: jsonBody(productInput, { quick: quickInput }),
    answers: { 201: product },
  },
  async ({ url, body }) => {
    const id = '0'.repeat(24);
    return created({ id, ...body, version: 1, createdAt: now, updatedAt: now }, `${url}/${id}`);
  },
);
