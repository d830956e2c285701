import { product, productInput, productPage, productPatch } from '#lib/products/schema.ts';
import { adjustment, transfer, transferInput } from '#lib/products/stock-schema.ts';
import { component, pageComponent } from './component.ts';

/** The members of a product that a client can write. */
export const WRITTEN = {
  sku: 'The stock keeping unit. It is unique within a store, and within the head catalog. A request’s SKU is normalized (Unicode NFC), and must not contain invisible characters.',
  name: 'The name, a single line of text. It is normalized (Unicode NFC).',
  description: 'The description, one or more lines of text.',
  category: 'The category, a single line of text. It is normalized (Unicode NFC).',
  tags: 'The tags, each a single line of text, without duplicates. They are normalized (Unicode NFC).',
  price: 'The price per unit.',
  stock: 'The number of units in stock.',
  status: '`active` for a product that is offered, `draft` for one that is not yet offered.',
  attributes:
    'Further attributes: at most 100 strings by name. A name must not contain a dot or a control character, or start with a dollar sign.',
};

const TRANSFER = {
  from: 'The id of the store to transfer from.',
  to: 'The id of the store to transfer to.',
  sku: 'The SKU of the product, the same in both stores. It is normalized (Unicode NFC).',
  quantity: 'The number of units to transfer.',
};

export const products = {
  requests: [
    component('ProductInput', productInput, 'The data to create a product.', WRITTEN),
    component(
      'ProductPatch',
      productPatch,
      'A JSON merge patch (RFC 7396) for a product; null removes an optional member.',
      WRITTEN,
    ),
    component('StockAdjustment', adjustment, 'A change of a product’s stock.', {
      by: 'The number of units to add, or a negative number to remove units. It must not be 0.',
    }),
    component('TransferInput', transferInput, 'A stock transfer to make.', TRANSFER),
  ],
  answers: [
    component('Product', product, 'A product of the head catalog or of a store.', {
      ...WRITTEN,
      id: 'The id. The product keeps it when it is archived and restored.',
      store: 'The store of the product; absent in the head catalog.',
      version:
        'The version, which starts at 1 and grows with each change. It is the value of the product’s ETag.',
      createdAt: 'When the product was created.',
      updatedAt: 'When the product was last changed.',
    }),
    pageComponent('ProductPage', productPage, 'products, in the order of `sort`', {}),
    component('Transfer', transfer, 'A stock transfer from one store to another.', {
      ...TRANSFER,
      id: 'The id of the transfer.',
      createdAt: 'When the stock was transferred.',
    }),
  ],
};
