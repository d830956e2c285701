import type { ProductInput } from '#lib/products/schema.ts';
import { sampleProduct } from '../local/sample-products.ts';

/** The same products as files of each format that is imported, by media type. */
export function filesOf(count: number) {
  const products = Array.from({ length: count }, (_, n) => sampleProduct(n, 'EUR'));
  const changed = products.map((product, n) =>
    n % 10 === 0 ? { ...product, stock: product.stock + 1 } : product,
  );
  return {
    json: JSON.stringify(products),
    tenthChanged: JSON.stringify(changed),
    ndjson: products.map((product) => `${JSON.stringify(product)}\n`).join(''),
    csv: `${COLUMNS.join(',')}\n${products.map((product) => `${csvOf(product)}\n`).join('')}`,
  };
}

const COLUMNS = [
  ...['sku', 'name', 'description', 'category', 'tags', 'amount', 'currency', 'stock', 'status'],
  ...['attributes.color', 'attributes.size'],
];

/** No sample has a comma or a quote. */
function csvOf(product: ProductInput): string {
  const { sku, name, description, category, tags, price, stock, status, attributes } = product;
  const { color = '', size = '' } = attributes;
  return [
    ...[sku, name, description ?? '', category, tags.join('|'), price.amount, price.currency],
    ...[stock, status, color, size],
  ].join(',');
}
