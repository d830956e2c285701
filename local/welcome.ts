/** What to try, as lines that work as they are printed. */
export const welcome = (url: string, servers: string): string => `
Manystore answers on ${url}, on ${servers}.

Try:

  curl '${url}/stores/store-a/products?sort=-price'

  curl -X POST '${url}/stores/store-b/products' -H 'content-type: application/json' \\
    -d '{ "sku": "MUG-1", "name": "Travel Mug", "price": { "amount": 1999, "currency": "USD" } }'

  curl '${url}/stores/store-a/archive'

Ctrl-C ends everything.

`;
