import * as z from 'zod/mini';
import { MAX_ROWS } from '#lib/products/file-row.ts';
import { importBody, importResult } from '#lib/products/file-schema.ts';
import { publication, publicationInput } from '#lib/products/publication-schema.ts';
import { productInput, productPatch } from '#lib/products/schema.ts';
import { component, elementOf, plainComponent } from './component.ts';
import { WRITTEN } from './products.ts';

const { sku, stock, status } = productInput.shape;

/** A valid row. The contract accepts any row, because each one is validated by itself. */
const importRow = z.extend(productPatch, {
  sku,
  stock: z.optional(z.nullable(stock._zod.def.innerType)),
  status: z.optional(z.nullable(status._zod.def.innerType)),
});

export const files = {
  requests: [
    component(
      'ImportRow',
      importRow,
      'A JSON merge patch (RFC 7396) for the product with this SKU. If there is none, the product is created, which requires a name and a price. A row that is not valid is listed in the response and does not affect the others.',
      WRITTEN,
    ),
    {
      ...plainComponent('ImportRows', importBody, 'The rows of a file.', { maxItems: MAX_ROWS }),
      as: z.array(importRow),
    },
    component('PublicationInput', publicationInput, 'The stores to publish a product to.', {
      stores: 'The ids of stores, or `*` for every active store that the token covers.',
    }),
  ],
  answers: [
    component('ImportResult', importResult, 'The result of an import.', {
      created: 'The number of rows that created a product.',
      updated: 'The number of rows that updated a product.',
      unchanged: 'The number of rows that changed nothing.',
      failed: 'The rejected rows, each with the reason.',
      moreFailed: 'The number of further rejected rows, if there are too many to list.',
    }),
    component('FailedRow', elementOf(importResult.shape.failed), 'A rejected row.', {
      line: 'The line on which the row begins, or its position in a JSON array. Counted from 1.',
      sku: 'The SKU of the row; null if it could not be read.',
      reason: 'Why the row was rejected.',
    }),
    component('Publication', publication, 'The result of publishing a product to each store.', {
      results: 'A result for each store, in the order of the request.',
    }),
    component(
      'PublicationResult',
      elementOf(publication.shape.results),
      'The result of publishing a product to a store.',
      {
        store: 'The id of the store.',
        result: 'The outcome. A store that `failed` does not affect the others.',
        reason: 'Why publishing to the store failed.',
      },
    ),
  ],
};
