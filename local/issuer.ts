import { HttpServer, OAuth2Issuer, OAuth2Service } from 'oauth2-mock-server';
import { foreignness, reject } from './guard.ts';
import { AUDIENCE } from './token-request.ts';

/** A local token issuer, which stands in for Cognito, Auth0, Keycloak and others. */
export interface Issuer {
  /** The `iss` of its tokens, and the base URL of its keys. */
  url: string;
  stop: () => Promise<void>;
}

/** The claims in a request of `fetchToken`. */
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
