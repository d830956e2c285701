import { afterAll, expect, it } from '@jest/globals';
import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { connectTo } from '../../local/connect-to.ts';
import { requireAbilities } from '../../local/server-checks.ts';

const all = ['readWriteAnyDatabase', 'dbAdminAnyDatabase'];
const own = { role: 'readWrite', db: 'manystore' };
const server = await startEmbeddedMongo({
  users: [
    { user: 'full', pwd: 's3cret', roles: all },
    { user: 'own', pwd: 's3cret', roles: [own] },
    { user: 'stores', pwd: 's3cret', roles: ['readWriteAnyDatabase'] },
    { user: 'none', pwd: 's3cret', roles: [{ role: 'read', db: 'manystore' }] },
  ],
});
const standalone = await startEmbeddedMongo({ replicaSet: null });
afterAll(() => Promise.all([server.stop(), standalone.stop()]));

/** The connection string of a user. */
const as = (user: string, password = 's3cret') => {
  const uri = new URL(server.uri);
  return `mongodb://${user}:${password}@${uri.host}/manystore?authSource=admin&directConnection=true`;
};

/** A connection string that is written by hand. */
const at = (login: string, host: string) => `mongodb://${login}@${host}/`;

/** Returns what `npm start` would print about a server that it cannot use; undefined for one that it can. */
async function complaint(uri: string, hasStores = true): Promise<string | undefined> {
  try {
    const client = await connectTo('PRIMARY_CONN_STR', uri);
    await requireAbilities('PRIMARY_CONN_STR', client, { hasStores }).finally(() => client.close());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

it('accepts a user that may do everything that the service does', async () => {
  expect(await complaint(as('full'))).toBeUndefined();
  expect(await complaint(as('own'), false)).toBeUndefined();
});

it.each([
  ['a wrong password', as('full', 'wr0ng'), /rejects the user name or the password/],
  ['an unknown user', as('nobody'), /rejects the user name or the password/],
  ['no scheme', 'localhost:27017/s3cret', /must begin with mongodb:\/\/ or mongodb\+srv/],
  ['another scheme', 'https://user:s3cret@host/', /must begin with mongodb:\/\/ or mongodb\+srv/],
  ['a placeholder', at('user:<db_password>', 'host'), /placeholder in angle brackets/],
  ['an unencoded character', at('user:s3cret@x', 'host'), /Percent-encode special characters/],
  ['an unknown host', at('user:s3cret', 'no-such-host.invalid'), /does not resolve/],
  [
    'a user without rights',
    as('none'),
    /lacks readWrite on manystore and readWrite on the databases store_\*/,
  ],
  ['a user without rights on the stores', as('own'), /lacks readWrite on the databases store_\*/],
  [
    'a standalone server',
    standalone.uri,
    /is a standalone mongod, which has no transactions\. Start/,
  ],
  ['a user that cannot drop', as('stores'), /lacks dbAdmin on the databases store_\*\. Grant it/],
])(
  'says in one line what is wrong with %s',
  async (_, uri, expected) => {
    const text = await complaint(uri);
    expect(text).toMatch(expected);
    expect(text).toMatch(/PRIMARY_CONN_STR/);
    expect(text).not.toMatch(/\n|s3cret|wr0ng/);
  },
  30_000,
);
