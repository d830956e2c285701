import { OAuth2Server } from 'oauth2-mock-server';

/** An issuer of tokens on this machine, in the place of Cognito, Auth0, Keycloak and their like. */
export interface Issuer {
  /** What its tokens name as `iss`, and where its keys are found from. */
  url: string;
  stop: () => Promise<void>;
}

/** Whom the tokens are for. */
export const AUDIENCE = 'manystore';

/** What a token shall say. */
export interface TokenRequest {
  /** Ids of stores, or `*`. */
  stores: string[];
  scopes: string[];
  /** Whom it is about. */
  subject?: string | undefined;
}

/** Starts an issuer with a key of its own: tokens of an earlier start are void. */
export async function startIssuer(port: number): Promise<Issuer> {
  const server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  await server.start(port, 'localhost');
  // Whoever reaches it gets the token that they ask for: it listens on this machine alone.
  server.service.on('beforeTokenSigning', ({ payload }, { body }) => {
    const { stores, sub } = body as { stores?: string; sub?: string };
    Object.assign(payload, {
      aud: AUDIENCE,
      sub: sub || 'local',
      ...(stores ? { stores: stores.split(',') } : {}),
    });
  });
  return { url: server.issuer.url as string, stop: () => server.stop() };
}

/** Where `npm start` runs the issuer of a service: one port above it, unless a setting says otherwise. */
export function issuerOf(serviceUrl: string): string {
  const { JWT_ISSUER, ISSUER_PORT } = process.env;
  const port = ISSUER_PORT || Number(new URL(serviceUrl).port || 80) + 1;
  return JWT_ISSUER || `http://localhost:${port}`;
}

/**
 * Asks the issuer at `url` for an access token, which serves for an hour.
 *
 * @throws {Error} when it does not answer
 */
export async function fetchToken(
  url: string,
  { stores, scopes, subject }: TokenRequest,
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: scopes.join(' '),
    stores: stores.join(','),
    ...(subject ? { sub: subject } : {}),
  });
  const response = await fetch(`${url}/token`, { method: 'POST', body });
  if (!response.ok) throw new Error(`The token issuer responded with status ${response.status}`);
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}
