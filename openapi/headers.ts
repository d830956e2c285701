import { headerName } from './parameters.ts';

/** The response headers, by their lower-case names. */
const HEADERS: Record<string, { description: string; example: string }> = {
  'accept-encoding': {
    description:
      'The content encodings that the operation accepts: only `identity`, which means no encoding.',
    example: 'identity',
  },
  'cache-control': {
    description: 'How long the response may be cached, and by whom.',
    example: 'public, max-age=300',
  },
  'content-disposition': {
    description: 'The suggested file name.',
    example: 'attachment; filename="store-a-products.csv"',
  },
  'content-encoding': { description: 'Present when the response is compressed.', example: 'gzip' },
  'content-security-policy': {
    description: 'The content security policy of the page.',
    example: "default-src 'none'; script-src 'self'",
  },
  etag: {
    description: 'The entity tag of the current version, for `If-Match` and `If-None-Match`.',
    example: '"4"',
  },
  link: {
    description: 'The link to the next page (RFC 8288). Absent on the last page.',
    example: '</stores?limit=20&cursor=eyJ2IjoxfQ>; rel="next"',
  },
  location: {
    description: 'The path of the created resource, or of the page.',
    example: '/stores/store-a',
  },
  'retry-after': { description: 'The number of seconds to wait before a retry.', example: '2' },
  vary: {
    description: 'The request header that the form of the response depends on.',
    example: 'accept',
  },
  'www-authenticate': { description: 'How to authenticate (RFC 6750).', example: 'Bearer' },
  'x-request-id': {
    description: 'The id of the request, which is also in the log.',
    example: '0b8d6f0e-3c5e-4b7f-9a51-3f6f0e2d7c11',
  },
};

/** Optional headers: sent only in some cases, or missing in responses of API Gateway itself. */
const SOMETIMES = [
  'accept-encoding',
  'content-encoding',
  'link',
  'retry-after',
  'www-authenticate',
  'x-request-id',
];

const componentName = (name: string) => headerName(name).replaceAll('-', '');

/** Returns the document's header components. */
export const headerComponents = () =>
  Object.fromEntries(
    Object.entries(HEADERS).map(([name, { description, example }]) => [
      componentName(name),
      { description, required: !SOMETIMES.includes(name), schema: { type: 'string' }, example },
    ]),
  );

/** Returns the headers of a response: those in `names`, and `X-Request-Id`. */
export const headersOf = (names: readonly string[]) =>
  Object.fromEntries(
    ['x-request-id', ...names].map((name) => {
      if (!HEADERS[name]) throw new Error(`${name} has no description in openapi/headers.ts`);
      return [headerName(name), { $ref: `#/components/headers/${componentName(name)}` }];
    }),
  );
