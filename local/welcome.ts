/**
 * What to try, as lines that work as they are printed.
 *
 * @param hasSample whether there is the sample catalog to try it on
 */
export const welcome = ({
  url,
  lambdaUrl,
  servers,
  hasSample,
}: {
  url: string;
  lambdaUrl: string;
  servers: string;
  hasSample: boolean;
}): string => `
Manystore answers on ${url}, on ${servers}.

Try:

${(hasSample ? sampleLines(url) : otherLines(url)).join('\n\n')}

Tasks are invoked on ${lambdaUrl}: npm run indexes -- plan

Ctrl-C ends everything.

`;

/** A SKU of its own each time: the databases may have one of an earlier start. */
const newSku = () => `MUG-${Date.now().toString(36).toUpperCase()}`;

const sampleLines = (url: string): string[] => [
  `  curl '${url}/stores/store-a/products?sort=-price'`,
  `  curl -X POST '${url}/stores/store-b/products' -H 'content-type: application/json' \\
    -d '{ "sku": "${newSku()}", "name": "Travel Mug", "price": { "amount": 1999, "currency": "USD" } }'`,
  `  curl '${url}/stores/store-a/archive'`,
];

const otherLines = (url: string): string[] => [
  `  curl '${url}/stores'`,
  `  curl '${url}/products?sort=-price'`,
  `  curl '${url}/health'`,
];
