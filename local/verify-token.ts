import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

/** The algorithms that API Gateway's JWT authorizer takes. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

/** What a token must be. */
export interface Trust {
  issuer: string;
  audience: string;
}

/** Checks a token as the JWT authorizer of API Gateway does, and gives its claims. */
export type TokenVerifier = (token: string) => Promise<JWTPayload>;

/**
 * A verifier of access tokens: signature by a key of the issuer, one of the algorithms that API Gateway takes,
 * issuer, audience, expiry, not-before, and issued in the past. The keys are found as OpenID Connect Discovery
 * tells, and kept.
 *
 * @returns a function that rejects when a token is not good
 */
export function tokenVerifier({ issuer, audience }: Trust): TokenVerifier {
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  return async (token) => {
    keys ??= createRemoteJWKSet(await keysOf(issuer));
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      requiredClaims: ['exp', 'iat'],
    });
    if ((payload.iat ?? 0) > Date.now() / 1_000)
      throw new Error('The token was issued in the future');
    return payload;
  };
}

/** Where an issuer has its keys (OpenID Connect Discovery 1.0, section 4). */
async function keysOf(issuer: string): Promise<URL> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { jwks_uri: uri } = (await response.json()) as { jwks_uri: string };
  return new URL(uri);
}
