/**
 * What to try, as lines that work as they are printed.
 *
 * @param token an access token of the local issuer, if there is one
 * @param hasSample whether there is the sample catalog to try it on
 */
export const welcome = ({
  url,
  lambdaUrl,
  servers,
  token,
  hasSample,
}: {
  url: string;
  lambdaUrl: string;
  servers: string;
  token: string | undefined;
  hasSample: boolean;
}): string => `
Manystore is running at ${url}, on ${servers}.

${token ? `Try:\n\n  TOKEN=${token}` : 'Try these, with a TOKEN from the issuer in JWT_ISSUER:'}

${(hasSample ? sampleLines(url) : otherLines(url)).join('\n\n')}

Interactive API documentation: ${url}/docs

Tasks can be invoked at ${lambdaUrl}, for example: npm run indexes -- plan

The token is valid for one hour; npm run -s token prints a new one.
Press Ctrl-C to stop everything.

`;

/** A SKU of its own each time: the databases may have one of an earlier start. */
const newSku = () => `MUG-${Date.now().toString(36).toUpperCase()}`;

const WITH_TOKEN = '-H "authorization: Bearer $TOKEN"';

const sampleLines = (url: string): string[] => [
  `  curl ${WITH_TOKEN} '${url}/stores/store-a/products?sort=-price'`,
  `  curl ${WITH_TOKEN} '${url}/stores/store-b/products' -H 'content-type: application/json' \\
    -d '{ "sku": "${newSku()}", "name": "Travel Mug", "price": { "amount": 1999, "currency": "USD" } }'`,
  `  curl ${WITH_TOKEN} '${url}/stores/store-a/archive'`,
];

const otherLines = (url: string): string[] => [
  `  curl ${WITH_TOKEN} '${url}/stores'`,
  `  curl ${WITH_TOKEN} '${url}/products?sort=-price'`,
  `  curl '${url}/health'`,
];
