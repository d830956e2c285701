/*
 * Access tokens of the local issuer, as a client requests them.
 */

/** The `aud` of the tokens. */
export const AUDIENCE = 'manystore';

/** The claims that a token must have. */
export interface TokenRequest {
  /** Ids of stores, or `*`. */
  stores: string[];
  scopes: string[];
  /** The `sub` of the token. */
  subject?: string | undefined;
  /** The `aud` of the token, if it is for another service. */
  audience?: string | undefined;
  /** The time until the token expires, in seconds; negative for an expired one. An hour by default. */
  expiresInS?: number | undefined;
}

/** Returns the URL of the issuer that `npm start` runs for a service: one port above it, unless a setting overrides that. */
export function issuerOf(serviceUrl: string): string {
  const { JWT_ISSUER, ISSUER_PORT } = process.env;
  const port = ISSUER_PORT || Number(new URL(serviceUrl).port || 80) + 1;
  return JWT_ISSUER || `http://localhost:${port}`;
}

/**
 * Requests an access token from the issuer at `url`.
 *
 * @throws {Error} when the issuer does not respond with a token
 */
export async function fetchToken(
  url: string,
  { stores, scopes, subject, audience, expiresInS }: TokenRequest,
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: scopes.join(' '),
    stores: stores.join(','),
    ...(subject ? { sub: subject } : {}),
    ...(audience ? { audience } : {}),
    ...(expiresInS ? { expires_in: String(expiresInS) } : {}),
  });
  const response = await fetch(`${url}/token`, { method: 'POST', body });
  if (!response.ok) throw new Error(`The token issuer responded with status ${response.status}`);
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}
