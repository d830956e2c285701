import {
  createHmac,
  createPublicKey,
  type KeyObject,
  randomUUID,
  type webcrypto,
} from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { base64url, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { OAuth2Server } from 'oauth2-mock-server';
import { SCOPES } from '#lib/http/scopes.ts';
import { type Service, startEmptyService } from '../support/service.ts';
import { run } from '../support/settings.ts';

/*
 * Tests the token checks of the service as it runs locally. The test holds the issuer's key, so that it can sign any claims,
 * and forge tokens.
 */

const issuer = new OAuth2Server();
const stranger = new OAuth2Server();
const store = `mine-${run}`;
let service: Service;
let kid: string;

type Key = webcrypto.CryptoKey;

/** Gives an issuer a key, and tells its name. The issuer's own way knows no objects of jest's sandbox. */
async function addKey(server: OAuth2Server): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), alg: 'RS256', kid: randomUUID() };
  return (await server.issuer.keys.add(JSON.parse(JSON.stringify(jwk)))).kid;
}

const seconds = () => Math.floor(Date.now() / 1_000);

/** The claims of a valid token. */
const claims = () => ({
  iss: issuer.issuer.url,
  aud: 'manystore',
  sub: 'somebody',
  scope: SCOPES.join(' '),
  stores: [store],
  iat: seconds() - 5,
  nbf: seconds() - 5,
  exp: seconds() + 600,
});

type Claims = Record<string, unknown>;

const without = (name: string): Claims =>
  Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name));

/** Signs claims, by default with the issuer's own key. */
async function sign(payload: Claims, header: object = {}, key?: Key): Promise<string> {
  const own = issuer.issuer.keys.get();
  const signer = key ?? ((await importJWK(own as never)) as Key);
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT', ...header })
    .sign(signer);
}

const encode = (value: unknown) => base64url.encode(JSON.stringify(value));

/** A token with a custom signature. */
const raw = (header: object, payload: Claims, signature = '') =>
  `${encode(header)}.${encode(payload)}.${signature}`;

async function publicKey(): Promise<KeyObject> {
  const { kty, n, e } = issuer.issuer.keys.get() as never as Record<string, string>;
  return createPublicKey({ key: { kty, n, e } as never, format: 'jwk' });
}

/** The response to a GET with these headers, which may repeat. */
function get(path: string, headers: string[]): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${service.url}${path}`, {
      headers: ['host', 'localhost', ...headers],
    });
    sent.on('error', reject).on('response', (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.end();
  });
}

const bearer = (token: string) => ['authorization', `Bearer ${token}`];

beforeAll(async () => {
  kid = await addKey(issuer);
  await addKey(stranger);
  await issuer.start(0, 'localhost');
  await stranger.start(0, 'localhost');
  service = await startEmptyService({
    JWT_ISSUER: issuer.issuer.url ?? '',
    JWT_AUDIENCE: 'manystore',
  });
  const opened = await fetch(`${service.url}/stores`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await sign(claims())}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ id: store, name: 'Mine', currency: 'EUR' }),
  });
  expect(opened.status).toBe(201);
}, 120_000);
afterAll(async () => {
  await service.stop();
  await issuer.stop();
  await stranger.stop();
}, 120_000);

describe('a token', () => {
  it('that is valid is answered with 200', async () => {
    expect(await get(`/stores/${store}`, bearer(await sign(claims())))).toMatchObject({
      status: 200,
    });
  });

  const forgeries: [string, () => Promise<string[]> | string[]][] = [
    ['is missing', () => []],
    ['is empty', () => ['authorization', 'Bearer ']],
    ['is not a JWT', () => bearer('a.b.c')],
    ['is sent with the Basic scheme', () => ['authorization', `Basic ${btoa('admin:admin')}`]],
    ['has no signature', async () => bearer((await sign(claims())).replace(/[^.]*$/, ''))],
    ['has the algorithm none', () => bearer(raw({ alg: 'none', typ: 'JWT' }, claims()))],
    ['has the algorithm None, spelled oddly', () => bearer(raw({ alg: 'nOnE', kid }, claims()))],
    [
      'is signed with another key, under the `kid` of the right one',
      async () => bearer(await sign(claims(), {}, (await generateKeyPair('RS256')).privateKey)),
    ],
    [
      'brings its own key (`jwk`)',
      async () => {
        const { privateKey, publicKey } = await generateKeyPair('RS256');
        return bearer(await sign(claims(), { jwk: await exportJWK(publicKey) }, privateKey));
      },
    ],
    [
      'names a URL for its key (`jku`)',
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        return bearer(await sign(claims(), { jku: `${stranger.issuer.url}/jwks` }, privateKey));
      },
    ],
    [
      'is signed with the public key as a password',
      async () => {
        const pem = (await publicKey()).export({ type: 'spki', format: 'pem' });
        const signed = `${encode({ alg: 'HS256', kid, typ: 'JWT' })}.${encode(claims())}`;
        const signature = createHmac('sha256', pem).update(signed).digest('base64url');
        return bearer(`${signed}.${signature}`);
      },
    ],
    [
      'has a claim that was changed afterwards',
      async () => {
        const [header, , signature] = (await sign(claims())).split('.');
        return bearer(`${header}.${encode({ ...claims(), stores: ['*'] })}.${signature}`);
      },
    ],
    ['is from another issuer', async () => bearer(await strangersToken())],
    [
      'names another issuer, and is signed by ours',
      async () => bearer(await sign({ ...claims(), iss: 'https://elsewhere.example' })),
    ],
    ['is for another audience', async () => bearer(await sign({ ...claims(), aud: 'another' }))],
    ['has no audience', async () => bearer(await sign(without('aud')))],
    ['is expired', async () => bearer(await sign({ ...claims(), exp: seconds() - 1 }))],
    ['never expires', async () => bearer(await sign(without('exp')))],
    ['is not valid yet', async () => bearer(await sign({ ...claims(), nbf: seconds() + 300 }))],
    [
      'was issued in the future',
      async () => bearer(await sign({ ...claims(), iat: seconds() + 300 })),
    ],
    [
      'is an ID token, which is for the client',
      async () => bearer(await sign({ ...without('scope'), aud: 'a-client', nonce: 'n' })),
    ],
    [
      'requires an unknown extension (`crit`)',
      async () => bearer(await sign(claims(), { crit: ['exp'], exp: 1 }).catch(() => 'a.b.c')),
    ],
    [
      'is sent twice, once forged',
      async () => [
        ...bearer(raw({ alg: 'none' }, { ...claims(), stores: ['*'] })),
        ...bearer(await sign(claims())),
      ],
    ],
    [
      'is sent in the header that serverless-offline reads',
      () => [
        'sls-offline-authorizer-override',
        JSON.stringify({ jwt: { claims: claims(), scopes: SCOPES } }),
      ],
    ],
  ];

  it.each(forgeries)('that %s is answered with 401', async (_, headers) => {
    expect(await get(`/stores/${store}`, await headers())).toMatchObject({ status: 401 });
  });

  it('in the query is answered with 401', async () => {
    const token = await sign(claims());
    const answer = await get(`/stores/${store}?access_token=${token}`, []);
    expect(answer.status).toBe(401);
  });

  it('that is an ID token for this audience has no scope, and is answered with 403', async () => {
    const token = await sign({ ...without('scope'), nonce: 'n' });
    expect(await get(`/stores/${store}`, bearer(token))).toMatchObject({ status: 403 });
  });

  it('allows only what its scopes name', async () => {
    const reader = bearer(await sign({ ...claims(), scope: 'stores:read' }));
    expect(await get(`/stores/${store}`, reader)).toMatchObject({ status: 200 });
    expect(await get(`/stores/${store}/products`, reader)).toMatchObject({ status: 403 });
  });

  it.each([
    [{ toString: 'x' }, undefined, 403],
    [['stores:read', {}], undefined, 403],
    [5, undefined, 403],
    ['', 'stores:read', 200],
    [undefined, ['stores:read'], 200],
    ['products:read', 'stores:read', 403],
  ])('with the scope %j and the scp %j is answered with %i', async (scope, scp, status) => {
    const token = await sign({ ...without('scope'), scope, scp });
    expect(await get(`/stores/${store}`, bearer(token))).toMatchObject({ status });
  });

  it.each([[['*', null]], [['*', { id: 'x' }]], [[store, 5]], [[`${store} another`]]])(
    'whose stores are %j is answered with 404',
    async (stores) => {
      const token = await sign({ ...claims(), stores });
      expect(await get(`/stores/${store}`, bearer(token))).toMatchObject({ status: 404 });
    },
  );

  it('gains no rights through the header that serverless-offline reads', async () => {
    const token = await sign({ ...claims(), stores: [] });
    const override = JSON.stringify({ jwt: { claims: { ...claims(), stores: '*' } } });
    const headers = [...bearer(token), 'sls-offline-authorizer-override', override];
    expect(await get(`/stores/${store}`, headers)).toMatchObject({ status: 404 });
  });

  it('for another store is answered with 404', async () => {
    const other = bearer(await sign({ ...claims(), stores: ['another'] }));
    const [hidden, missing] = [
      await get(`/stores/${store}`, other),
      await get('/stores/nowhere', other),
    ];
    const withoutId = ({ status, body }: { status: number; body: string }) => [
      status,
      body.replace(/urn:manystore:request:[\w-]+/, ''),
    ];
    expect(hidden.status).toBe(404);
    expect(withoutId(hidden)).toEqual(withoutId(missing));
  });
});

/** A valid token of an issuer that the service does not trust. */
function strangersToken(): Promise<string> {
  return stranger.issuer.buildToken({
    scopesOrTransform: (_, payload) => {
      Object.assign(payload, { ...claims(), iss: stranger.issuer.url });
    },
  });
}
