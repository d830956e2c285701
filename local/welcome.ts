/**
 * Returns the text that `npm start` prints, with commands that can be copied.
 *
 * @param token an access token of the local issuer; undefined with an external issuer
 * @param hasSample whether the sample catalog exists
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

Tasks run at ${lambdaUrl}, for example: npm run indexes -- plan

The token is valid for one hour; npm run -s token prints a new one.
Press Ctrl-C to stop everything.

`;

/** Returns a new SKU each time, since the databases may contain that of an earlier start. */
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
