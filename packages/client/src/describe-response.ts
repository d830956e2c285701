import { parseObject } from './json.ts';

/** The kinds of responses that do not come from the service itself, besides its own kinds. */
export type UnexpectedKind =
  | 'too-many-requests'
  | 'no-such-route'
  | 'not-modified'
  | 'unexpected-response';

type Description = [
  kind:
    | 'unauthorized'
    | 'forbidden'
    | 'content-too-large'
    | 'internal-error'
    | 'unavailable'
    | UnexpectedKind,
  title: string,
  detail: string,
];

const NO_RESPONSE =
  'The gateway received no response from the service. A change may have been applied.';

/** What a status means if the response is not a problem of the service. */
const BY_STATUS: Record<number, Description> = {
  304: ['not-modified', 'Not modified', 'The version in If-None-Match is current.'],
  401: [
    'unauthorized',
    'Unauthorized',
    'The gateway rejected the token: it is missing, has expired, or is from another issuer or for another audience.',
  ],
  403: ['forbidden', 'Forbidden', 'The token lacks the scope that this operation requires.'],
  404: ['no-such-route', 'No such route', 'Check the URL of the service.'],
  413: ['content-too-large', 'Content too large', 'The gateway rejected the size of the request.'],
  429: [
    'too-many-requests',
    'Too many requests',
    'The rate limit, which all clients share, is exceeded. Send the request again later.',
  ],
  500: [
    'internal-error',
    'Internal error',
    'The service failed without a description. A change may have been applied.',
  ],
  502: ['unavailable', 'Service unavailable', NO_RESPONSE],
  503: ['unavailable', 'Service unavailable', NO_RESPONSE],
  504: ['unavailable', 'Service unavailable', NO_RESPONSE],
};

const OTHER: Description = [
  'unexpected-response',
  'Unexpected response',
  'The response does not come from the service. Check its URL.',
];

const MAX_QUOTED = 200;

/**
 * Describes a response without problem details: API Gateway's own, such as `{"message":"Unauthorized"}`, or that of a proxy.
 *
 * @param text the body, of which the beginning is quoted
 */
export function describeResponse(status: number, text: string) {
  const [kind, title, detail] = BY_STATUS[status] ?? OTHER;
  const message = parseObject(text)?.message;
  const quoted = (typeof message === 'string' ? message : text).trim().slice(0, MAX_QUOTED);
  return { kind, title, detail: quoted ? `${detail} The response was "${quoted}".` : detail };
}
