import { HttpServer, OAuth2Issuer, OAuth2Service } from 'oauth2-mock-server';
import { foreignness, reject } from './guard.ts';

/** A local token issuer, which stands in for Cognito, Auth0, Keycloak and others. */
export interface Issuer {
  /** The `iss` of its tokens, and the base URL of its keys. */
  url: string;
  stop: () => Promise<void>;
}

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

/** The claims in a request of {@link fetchToken}. */
interface TokenForm {
  stores?: string;
  sub?: string;
  audience?: string;
  expires_in?: string;
}

/**
 * Starts an issuer with a new key: tokens of an earlier start are not valid any more. A client on this machine gets any
 * token that it requests; a page of another site gets none.
 */
export async function startIssuer(port: number): Promise<Issuer> {
  const issuer = new OAuth2Issuer();
  const service = new OAuth2Service(issuer);
  const server = new HttpServer((request, response) => {
    const reason = foreignness(request);
    if (reason === undefined) service.requestHandler(request, response);
    else reject(response, reason);
  });
  await issuer.keys.generate('RS256');
  await server.start(port, 'localhost');
  issuer.url = `http://localhost:${server.address().port}`;
  service.on('beforeTokenSigning', ({ payload }, { body }) => {
    const { stores, sub, audience, expires_in: expiresInS } = body as TokenForm;
    Object.assign(payload, {
      aud: audience || AUDIENCE,
      sub: sub || 'local',
      ...(stores ? { stores: stores.split(',') } : {}),
      ...(expiresInS ? { exp: payload.iat + Number(expiresInS) } : {}),
    });
  });
  return { url: issuer.url, stop: () => server.stop() };
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
