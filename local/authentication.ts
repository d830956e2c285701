import type { IncomingMessage } from 'node:http';
import { scopesOf } from '#lib/http/caller.ts';
import { type TokenVerifier, tokenVerifier } from './verify-token.ts';

/*
 * Serverless-offline stands in for API Gateway, but does not verify the signature of a token. This does: serverless.yml
 * names it as the authentication provider of serverless-offline, which calls it once per route.
 */

/** The part of serverless-offline's description of a route that is used here. */
interface Endpoint {
  authorizer?: { name: string; scopes?: string[] };
}

/** The parts of hapi that an authentication scheme uses. */
interface Toolkit {
  authenticated: (result: { credentials: object }) => unknown;
  response: (body: object) => HapiResponse;
}
interface HapiResponse {
  code: (status: number) => HapiResponse;
  header: (name: string, value: string) => HapiResponse;
  takeover: () => unknown;
}
interface HapiRequest {
  headers: Record<string, unknown>;
  raw: { req: IncomingMessage };
}

let verify: TokenVerifier | undefined;

/** Returns the authentication scheme of a route, which checks tokens like API Gateway's JWT authorizer. */
export function provider(
  { authorizer }: Endpoint,
  _functionKey: string,
  method: string,
  path: string,
) {
  const name = `token ${method} ${path}`;
  const authenticate = async (request: HapiRequest, h: Toolkit) => {
    dropOverride(request);
    if (!authorizer) return h.authenticated({ credentials: {} });
    const claims = await claimsOf(request);
    if (!claims)
      return h
        .response({ message: 'Unauthorized' })
        .code(401)
        .header('www-authenticate', 'Bearer error="invalid_token"')
        .takeover();
    const { scopes = [] } = authorizer;
    const granted = scopesOf(claims);
    if (scopes.length > 0 && !scopes.some((scope) => granted.has(scope)))
      return h
        .response({ message: 'Forbidden' })
        .code(403)
        .header('www-authenticate', 'Bearer error="insufficient_scope"')
        .takeover();
    return h.authenticated({ credentials: {} });
  };
  return { name, scheme: name, getAuthenticateFunction: () => ({ authenticate }) };
}

const OVERRIDE = 'sls-offline-authorizer-override';

/** Removes the header with which a caller of serverless-offline could choose its own claims. */
function dropOverride({ headers, raw }: HapiRequest): void {
  delete headers[OVERRIDE];
  const { rawHeaders } = raw.req;
  for (let i = rawHeaders.length - 2; i >= 0; i -= 2)
    if (rawHeaders[i]?.toLowerCase() === OVERRIDE) rawHeaders.splice(i, 2);
}

/** Returns the claims of the request's token, if it is valid. */
async function claimsOf({ raw }: HapiRequest) {
  const values = raw.req.rawHeaders.filter(
    (_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === 'authorization',
  );
  // Of two tokens, serverless-offline might pass on the one that was not checked.
  const [, token] =
    (values.length === 1 && /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(values[0] ?? '')) || [];
  if (!token) return undefined;
  try {
    verify ??= tokenVerifier({
      issuer: process.env.JWT_ISSUER ?? '',
      audience: process.env.JWT_AUDIENCE ?? '',
    });
    return await verify(token);
  } catch {
    return undefined;
  }
}
