import { product, productInput, productPage, productPatch } from '#lib/products/schema.ts';
import { adjustment, transfer, transferInput } from '#lib/products/stock-schema.ts';
import { component, pageComponent } from './component.ts';

/** What a caller can write of a product. */
export const WRITTEN = {
  sku: 'The stock keeping unit: unique in the store, or in the head catalog.',
  name: 'One line of text.',
  description: 'Text of one or more lines.',
  category: 'One line of text.',
  tags: 'Lines of text, none of them twice.',
  price: 'What one piece costs.',
  stock: 'How many pieces there are.',
  status: 'Whether it is offered (`active`) or not yet (`draft`).',
  attributes:
    'More about it: at most 100 texts by name. No name has a dot, a control character, or a dollar sign in front.',
};

const TRANSFER = {
  from: 'The id of the store that gives the pieces away.',
  to: 'The id of the store that gets them.',
  sku: 'The SKU that the product has in both stores.',
  quantity: 'How many pieces move.',
};

export const products = {
  requests: [
    component('ProductInput', productInput, 'A product as a caller writes it.', WRITTEN),
    component(
      'ProductPatch',
      productPatch,
      'A JSON merge patch (RFC 7396) of a product: null removes what a product can be without.',
      WRITTEN,
    ),
    component('StockAdjustment', adjustment, 'By how much a stock changes.', {
      by: 'Pieces that come; below zero, pieces that go. It is not 0.',
    }),
    component('TransferInput', transferInput, 'Pieces that are to move.', TRANSFER),
  ],
  answers: [
    component('Product', product, 'A product of the head catalog or of a store.', {
      ...WRITTEN,
      id: 'The id that it was given, which it keeps in the archive and when it is restored.',
      store: 'The store that it belongs to; absent in the head catalog.',
      version: 'Counts the changes from 1. It is the ETag of the product.',
      createdAt: 'When it was made.',
      updatedAt: 'When it was last changed.',
    }),
    pageComponent('ProductPage', productPage, 'products, in the order of `sort`', {}),
    component('Transfer', transfer, 'Pieces that have moved from one store to another.', {
      ...TRANSFER,
      id: 'The id of the transfer.',
      createdAt: 'When they moved.',
    }),
  ],
};
