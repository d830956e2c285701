import { manystore } from '@manystore/client';

const issuer = process.env.ISSUER_TOKEN_URL ?? '';
let cached: Promise<string> | undefined;

/** Gets a token with the client credentials grant of OAuth 2.0, and keeps it until the service rejects it. */
async function token(rejected?: string): Promise<string> {
  if (cached && (await cached) !== rejected) return cached;
  cached = requestToken();
  // A failed request is not cached.
  cached.catch(() => {
    cached = undefined;
  });
  return cached;
}

async function requestToken(): Promise<string> {
  const response = await fetch(issuer, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: process.env.CLIENT_ID ?? '',
      client_secret: process.env.CLIENT_SECRET ?? '',
    }),
  });
  if (!response.ok) throw new Error(`The issuer responded with ${response.status}`);
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

export const client = manystore({
  url: process.env.MANYSTORE_URL ?? 'http://localhost:3000',
  token,
});
