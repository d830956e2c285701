import type * as z from 'zod/mini';
import type { Contract, Route } from '#lib/http/contract.ts';
import type { GatewayRequest } from '../local/gateway-event.ts';
import { shapeOf } from './problems.ts';
import { inlineSchema, type JsonSchema } from './schemas.ts';

/** What a parameter is for, by its place and name. */
const WORDS: Record<string, string> = {
  'path.store': 'The id of the store.',
  'path.product': 'The id of the product.',
  'path.asset': 'The name of a part of the page.',
  'query.limit': 'How many items a page has at most.',
  'query.cursor':
    'Where the page begins: `next` of the page before, with the same filters and order. Without it, it is the first page.',
  'query.q':
    'Words: each of them begins one of the product’s SKU, name, category, tags or description, without case and accents.',
  'query.category': 'Only products of this category.',
  'query.tag': 'Only products with this tag.',
  'query.status': 'Only products of this status.',
  'query.minPrice': 'Only products of this price or above it, in the minor unit of their currency.',
  'query.maxPrice': 'Only products of this price or below it, in the minor unit of their currency.',
  'query.sort': 'The order; with a hyphen in front, descending.',
  'query.store': 'Only what is of this store.',
  'query.format':
    'The format of the file. Without it, the header `Accept` decides, and else it is NDJSON.',
  'query.lowStock':
    'The stock at which, and below which, a product counts as low. It is 5 otherwise.',
  'query.from': 'The first day, in UTC.',
  'query.to': 'The last day, in UTC.',
  'headers.if-match':
    'A list of ETags, or `*`. The change is made only if one of them is the current one; without the header, on whatever is there.',
  'headers.if-none-match':
    'A list of ETags, or `*`. If the current one is among them, the answer is 304 and has no body.',
  'headers.idempotency-key':
    'A name for this request, of the caller’s choosing. The same key with the same request gets the first answer again for 24 hours; with another request, it is refused.',
};

/** OpenAPI describes the first by the media types of the answers; the other is the client's own affair. */
const LEFT_OUT = ['accept', 'accept-encoding'];

/** The parameters of an operation on one of its routes, each with its example. */
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
      if (!description) throw new Error(`${place}.${name} has no words in openapi/parameters.ts`);
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

/** Names that are written otherwise than word by word. */
const WRITTEN: Record<string, string> = { etag: 'ETag', 'www-authenticate': 'WWW-Authenticate' };

/** As people write it: `If-Match`, `X-Request-Id`. */
export const headerName = (name: string): string =>
  WRITTEN[name] ?? name.replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
