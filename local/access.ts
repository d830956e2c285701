import { UsageError } from './command.ts';
import { requireService, type Service, urlOf } from './service.ts';
import { fetchToken, issuerOf, type TokenRequest } from './token-request.ts';

/** Returns an access token with any claims. */
export type TokenSource = (request: TokenRequest) => Promise<string>;

/** A running service, a token for it, and where that token is from. */
export interface Access extends Service {
  /** Makes other tokens; undefined if the token was given, because its issuer may not make others. */
  issueToken: TokenSource | undefined;
  /** Returns a token for each request of a client: after a rejected one, another one, if the issuer makes others. */
  currentToken: (rejected?: string) => Promise<string>;
}

/**
 * Finds a running service: the one at `url`, or else `npm start`. The token is the given one, the one in MANYSTORE_TOKEN, or
 * else one of the issuer of `npm start`.
 *
 * @param request the claims of a token of the issuer of `npm start`
 * @throws {UsageError} when the token would be sent without TLS to another machine
 * @throws {Error} with a message of one line, when the service does not respond or is unhealthy
 */
export async function accessTo(
  given: { url?: string | undefined; token?: string | undefined },
  request: TokenRequest,
): Promise<Access> {
  const url = urlOf(given.url);
  requireSafe(url);
  await requireService(url);
  const token = given.token ?? process.env.MANYSTORE_TOKEN;
  if (token) return { url, token, issueToken: undefined, currentToken: async () => token };
  const issuer = issuerOf(url);
  const issueToken: TokenSource = (claims) =>
    fetchToken(issuer, claims).catch((cause) => {
      throw new Error(`No token from ${issuer}. Set --token or MANYSTORE_TOKEN`, { cause });
    });
  let current = await issueToken(request);
  const currentToken = async (rejected?: string) => {
    if (rejected === current) current = await issueToken(request);
    return current;
  };
  return { url, token: current, issueToken, currentToken };
}

function requireSafe(url: string): void {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLocal))
    throw new UsageError('The URL must begin with https://, except for localhost');
}
