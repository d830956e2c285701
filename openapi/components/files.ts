import * as z from 'zod/mini';
import { MOST_ROWS } from '#lib/products/file-row.ts';
import { importBody, importResult } from '#lib/products/file-schema.ts';
import { publication, publicationInput } from '#lib/products/publication-schema.ts';
import { productInput, productPatch } from '#lib/products/schema.ts';
import { component, elementOf, plainComponent } from './component.ts';
import { WRITTEN } from './products.ts';

const { sku, stock, status } = productInput.shape;

/** A row with nothing wrong: each row is checked by itself, behind the contract. */
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
      'A JSON merge patch (RFC 7396) for the product of its SKU, which is made if it is not there; it needs a name and a price then. A row that is otherwise is told in the answer, and costs the others nothing.',
      WRITTEN,
    ),
    {
      ...plainComponent('ImportRows', importBody, 'The rows of a file.', { maxItems: MOST_ROWS }),
      as: z.array(importRow),
    },
    component('PublicationInput', publicationInput, 'Where a product is to be published.', {
      stores: 'The ids of stores; or `*`, which is every active one that the token covers.',
    }),
  ],
  answers: [
    component('ImportResult', importResult, 'What became of the rows of a file.', {
      created: 'Rows that made a product.',
      updated: 'Rows that changed one.',
      unchanged: 'Rows that said what was there already.',
      failed: 'Rows that were refused, each with the reason.',
      moreFailed: 'How many more rows were refused, where there are too many to name each.',
    }),
    component('FailedRow', elementOf(importResult.shape.failed), 'A row that was refused.', {
      line: 'Where it begins, from 1: its line, or its place in a JSON array.',
      sku: 'Its SKU; null when that could not be read.',
      reason: 'What is wrong with it.',
    }),
    component('Publication', publication, 'What became of a product in each store.', {
      results: 'A result for each store, in the order that was asked for.',
    }),
    component(
      'PublicationResult',
      elementOf(publication.shape.results),
      'What became of a product in a store.',
      {
        store: 'The id of the store.',
        result: 'What was done there. A store that `failed` does not hinder the others.',
        reason: 'Why it failed.',
      },
    ),
  ],
};
