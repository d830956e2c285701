import { readdir, readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { gateway, page } from './support/replies.ts';
import { startScriptedServer } from './support/scripted-server.ts';

const folder = new URL('../examples/', import.meta.url);
const server = await startScriptedServer();
afterAll(() => server.stop());

describe('the README', () => {
  it('contains each example verbatim', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const shown = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
    const names = await readdir(folder);
    expect(names).toHaveLength(3);
    for (const name of names)
      expect(shown).toContain(await readFile(new URL(name, folder), 'utf8'));
  });
});

// The tutorial in test/end-to-end runs the others on the service.
describe('the example for tokens', () => {
  it('requests a token once for several calls, and another one after a 401', async () => {
    Object.assign(process.env, {
      MANYSTORE_URL: server.url,
      ISSUER_TOKEN_URL: `${server.url}/token`,
    });
    const { client } = await import('../examples/token.ts');
    const issued = (access_token: string) => ({ status: 200, body: { access_token } });
    const rejected = gateway(401, 'Unauthorized');
    server.reply(issued('one'), page([]), page([]), rejected, issued('two'), page(['acme']));
    await client.GET('/stores');
    await client.GET('/stores');
    expect((await client.GET('/stores')).data.items).toHaveLength(1);
    expect(server.received.map(({ url, headers }) => headers.authorization ?? url)).toEqual([
      '/token',
      'Bearer one',
      'Bearer one',
      'Bearer one',
      '/token',
      'Bearer two',
    ]);
  });
});
