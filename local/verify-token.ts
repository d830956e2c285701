import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

/** The algorithms that API Gateway's JWT authorizer accepts. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

/** What a token must match. */
export interface Trust {
  issuer: string;
  audience: string;
}

/** Verifies a token like API Gateway's JWT authorizer, and returns its claims. */
export type TokenVerifier = (token: string) => Promise<JWTPayload>;

/**
 * Returns a verifier of access tokens. It checks the signature, the algorithm, the issuer, the audience, the expiry, the
 * not-before time, and that the token was issued in the past. The keys are found by OpenID Connect Discovery, and cached.
 *
 * @returns a function that rejects when a token is not valid
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

/** Returns the URL of an issuer's keys (OpenID Connect Discovery 1.0, section 4). */
async function keysOf(issuer: string): Promise<URL> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { jwks_uri: uri } = (await response.json()) as { jwks_uri: string };
  return new URL(uri);
}
