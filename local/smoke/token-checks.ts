import { SCOPES } from '#lib/http/scopes.ts';
import { AUDIENCE } from '../token-request.ts';
import { fetchDocument } from './api-document.ts';
import { type Check, expectEqual, needed, Skipped, Unexpected } from './checks.ts';
import type { Setting } from './setting.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Checks that tokens are rejected: first those that need no key, and then those that only the issuer can sign. */
export const tokenChecks = (setting: Setting): Check[] => {
  const { token, fetch, stores, made } = setting;
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims = () => JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const withoutSignature = () => `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`;
  const changed = () => `${header}.${encode({ ...claims(), sub: 'somebody else' })}.${signature}`;

  const expectAnswer = async (status: number, sent: string) => {
    const response = await fetch(`/stores/${stores.first}`, {
      headers: { authorization: `Bearer ${sent}` },
    });
    expectEqual('the status', response.status, status);
  };
  const issued = async (request: Parameters<NonNullable<Setting['issueToken']>>[0]) => {
    if (!setting.issueToken) throw new Skipped('needs the issuer of npm start');
    return setting.issueToken(request);
  };
  const all = { stores: ['*'], scopes: [...SCOPES], audience: AUDIENCE };
  const rejects = (what: string, status: number, sent: () => string | Promise<string>) => ({
    subject: 'tokens',
    title: `${what} is answered with ${status}`,
    run: async () => expectAnswer(status, await sent()),
  });
  return [
    {
      subject: 'tokens',
      title: 'are required by every operation that is not public',
      run: () => requireTokens(setting),
    },
    rejects('one that is not a JWT', 401, () => 'a.b.c'),
    rejects('one without a signature', 401, withoutSignature),
    rejects('one with changed claims', 401, changed),
    rejects('an expired one', 401, () => issued({ ...all, expiresInS: -60 })),
    rejects('one for another audience', 401, () => issued({ ...all, audience: 'another' })),
    rejects('one without the scope', 403, () => issued({ ...all, scopes: ['products:read'] })),
    {
      subject: 'tokens',
      title: 'one for another store is answered with 404',
      async run() {
        needed(made.store, 'create-store');
        await expectAnswer(404, await issued({ ...all, stores: [`${stores.first}-not`] }));
      },
    },
  ];
};

/** Sends a request without a token to every operation of the API document that requires one. */
async function requireTokens({ fetch, stores }: Setting): Promise<void> {
  const document = await fetchDocument(fetch);
  const accepted: string[] = [];
  let asked = 0;
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, { operationId, security }] of Object.entries(methods)) {
      if ((security ?? document.security ?? []).length === 0) continue;
      asked++;
      const filledIn = path.replace('{store}', stores.first).replace('{product}', '0'.repeat(24));
      const { status } = await fetch(filledIn, { method: method.toUpperCase() });
      if (status !== 401) accepted.push(`${operationId} returns ${status}`);
    }
  if (asked === 0) throw new Unexpected('the API document has no operation that requires a token');
  if (accepted.length > 0) throw new Unexpected(`without a token, ${accepted.join(', ')}`);
}
