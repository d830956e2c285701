import type * as z from 'zod/mini';
import type { Contract, Route } from '#lib/http/contract.ts';
import type { GatewayRequest } from '../local/gateway-event.ts';
import { shapeOf } from './problems.ts';
import { inlineSchema, type JsonSchema } from './schemas.ts';

/** The description of each parameter, by its location and name. */
const WORDS: Record<string, string> = {
  'path.store': 'The id of the store.',
  'path.product': 'The id of the product.',
  'path.asset': 'The name of an asset of the page.',
  'query.limit': 'The maximum number of items in a page.',
  'query.cursor':
    'The `next` of the previous page, for the same filters and sort order. Omit it to get the first page.',
  'query.q':
    'Search words. Each must be the beginning of a word in the product’s SKU, name, category, tags or description. Case and accents are ignored.',
  'query.category': 'Only products in this category.',
  'query.tag': 'Only products with this tag.',
  'query.status': 'Only products with this status.',
  'query.minPrice': 'Only products with at least this price, in the minor unit of their currency.',
  'query.maxPrice': 'Only products with at most this price, in the minor unit of their currency.',
  'query.sort': 'The sort order. A leading hyphen means descending.',
  'query.cluster': 'Only stores on this cluster.',
  'query.store': 'Only results from this store.',
  'query.format':
    'The file format. Defaults to the type that the `Accept` header prefers, or NDJSON.',
  'query.lowStock':
    'The highest stock at which a product counts as low on stock. The default is 5.',
  'query.from': 'The first day (UTC), inclusive.',
  'query.to': 'The last day (UTC), inclusive.',
  'headers.if-match':
    'A list of ETags, such as `"3"`, or `*`. The change is made only if one of them matches the current version. Without the header, the change is unconditional.',
  'headers.if-none-match':
    'A list of ETags, or `*`. If one of them matches the current version, the response is 304 without a body.',
  'headers.idempotency-key':
    'A key that the client chooses for this request. For 24 hours, a retry with the same key and the same request returns the first response; a different request with the same key in the same store is rejected. In another store, the same key is another key.',
};

/** Headers that OpenAPI does not describe as parameters: the media types of the responses imply `accept`. */
const LEFT_OUT = ['accept', 'accept-encoding'];

/** Returns the parameters of an operation for one of its routes, each with its example. */
export function parametersOf(contract: Contract, route: Route, example: GatewayRequest) {
  const inRoute = (name: string) => route.includes(`{${name}}`);
  return [
    ...described('path', contract.path, example.path).filter(({ name }) => inRoute(name)),
    ...described('query', contract.query, example.query),
    ...described('headers', contract.headers, example.headers),
  ];
}

function described(
  place: 'path' | 'query' | 'headers',
  schema: z.ZodMiniType | undefined,
  examples: Record<string, string> = {},
) {
  const members = Object.entries(schema ? shapeOf(schema) : {});
  return members
    .filter(([name]) => !LEFT_OUT.includes(name))
    .map(([name, member]) => {
      const description = WORDS[`${place}.${name}`];
      if (!description)
        throw new Error(`${place}.${name} has no description in openapi/parameters.ts`);
      const json = inlineSchema(member);
      return {
        name: place === 'headers' ? headerName(name) : name,
        in: place === 'headers' ? 'header' : place,
        description,
        required: place === 'path' || member._zod.optin === undefined,
        schema: json,
        ...(examples[name] === undefined ? {} : { example: readAs(examples[name], json) }),
      };
    });
}

const readAs = (text: string, { type }: JsonSchema) => (type === 'integer' ? Number(text) : text);

/** Header names whose capitals differ from one per word. */
const WRITTEN: Record<string, string> = { etag: 'ETag', 'www-authenticate': 'WWW-Authenticate' };

/** Returns a header's name in its usual case: `If-Match`, `X-Request-Id`. */
export const headerName = (name: string): string =>
  WRITTEN[name] ?? name.replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
