import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { failToStart, freePort, run, startService } from '../support/service.ts';

const nobody = async () => `mongodb://127.0.0.1:${await freePort()}/?serverSelectionTimeoutMS=500`;

/** A connection string that is written by hand. */
const at = (login: string) => `mongodb://${login}@host`;

/** Returns the names in a response: of a list, or of one product. */
const namesIn = ({ items, ...product }: ReturnType<typeof JSON.parse>): string[] =>
  (items ?? [product]).map(({ name }: { name: string }) => name).sort();

describe('npm start', () => {
  it('serves the sample catalog, prints commands that work, and with --data keeps what they create', async () => {
    const data = mkdtempSync(join(tmpdir(), 'manystore-data-'));
    const args = ['--data', data];
    const service = await startService({ args });
    expect(service.curls).toHaveLength(3);
    const answers = [];
    for (const line of service.curls)
      answers.push(JSON.parse(await run(`TOKEN=${service.token}; ${line}`)));
    expect(answers.map(namesIn)).toEqual([
      ['Coffee Maker', 'Laptop Pro', 'Wireless Headphones'],
      ['Travel Mug'],
      ['Bluetooth Speaker', 'Desk Lamp', 'Smart Watch'],
    ]);
    const root = await service.fetch('/', { redirect: 'manual' });
    expect([root.status, root.headers.get('location')]).toEqual([302, 'docs']);
    await service.killAll();

    const again = await startService({ args });
    const products = await again.fetch('/stores/store-b/products');
    // The sample catalog is there once.
    expect(namesIn(await products.json())).toEqual([
      'Gaming Chair',
      'Mechanical Keyboard',
      'Travel Mug',
      'Wireless Headphones',
    ]);
    const elsewhere = await again.fetch('/stores/store-eu');
    expect(await elsewhere.json()).toMatchObject({ cluster: 'eu-1' });
    const far = await again.fetch('/stores/store-eu/products');
    expect(namesIn(await far.json())).toEqual(['Gaming Chair', 'Mechanical Keyboard']);
    const refused = await failToStart({ args });
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/^The data folder \S+ is in use by process \d+\..*\n$/);
    expect(await again.stop()).toBe(0);
    await expect(fetch(again.url)).rejects.toThrow();
    rmSync(data, { recursive: true });
  }, 240_000);

  it('exits when npm exits, although npm sends no signal', async () => {
    const service = await startService({ throughNpm: true });
    service.kill();
    while (await fetch(service.url).catch(() => undefined));
    await expect(fetch(service.url)).rejects.toThrow();
  }, 120_000);

  it('prints one line that names the unreachable server, without its password', async () => {
    const uri = (await nobody()).replace('//', '//user:secret@');
    const { code, output } = await failToStart({
      env: { PRIMARY_CONN_STR: uri, SECONDARY_CONN_STR: uri },
    });
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toContain('PRIMARY_CONN_STR');
    expect(output).not.toContain('secret');
  });

  it('prints one line that --data is not for --mongod', async () => {
    const { code, output } = await failToStart({ args: ['--data', '.data', '--mongod'] });
    const reason =
      '--data is only for the embedded servers, not for --mongod or your own servers\n';
    expect([code, output]).toEqual([1, reason]);
  });

  it('prints one line when only one of two settings is given', async () => {
    const { code, output } = await failToStart({ env: { PRIMARY_CONN_STR: await nobody() } });
    expect(code).toBe(1);
    expect(output).toBe('Set both PRIMARY_CONN_STR and SECONDARY_CONN_STR, or neither\n');
  });

  it.each(['abc', '70000', '-1'])('prints one line that %s is not a port', async (PORT) => {
    const { code, output } = await failToStart({ env: { PORT } });
    expect([code, output]).toEqual([1, 'PORT must be a number from 1 to 65535\n']);
  });

  it('prints one line that a connection string is invalid, without showing it', async () => {
    const env = { PRIMARY_CONN_STR: 'mongodb://user:s3cr3t', SECONDARY_CONN_STR: 'mongodb://x' };
    const { code, output } = await failToStart({ env });
    const reason =
      'PRIMARY_CONN_STR is not a valid connection string. Percent-encode special characters in the user name and the password. See .env.example\n';
    expect([code, output]).toEqual([1, reason]);
  });

  it.each([
    ['{"eu-1":', 'must be JSON, such as {"eu-1":"mongodb://…"}'],
    [
      JSON.stringify({ primary: at('u:s3cr3t') }),
      'has a cluster with an invalid name: it must not be the name of a server',
    ],
    [
      JSON.stringify({ 'eu-1': at('u:<s3cr3t>') }),
      'for eu-1 contains a placeholder in angle brackets, such as <password>. Replace it, and percent-encode special characters',
    ],
  ])('prints one line that CLUSTER_CONN_STRS is %s', async (CLUSTER_CONN_STRS, fault) => {
    const { code, output } = await failToStart({ env: { CLUSTER_CONN_STRS } });
    expect([code, output]).toEqual([1, `CLUSTER_CONN_STRS ${fault}\n`]);
  });

  it('prints one line that its port is in use', async () => {
    const port = await freePort();
    const server = createServer().listen(port, 'localhost');
    const { code, output } = await failToStart({ env: { PORT: String(port) } });
    server.close();
    expect(code).toBe(1);
    expect(output).toBe(`Port ${port} is already in use. Set PORT to a different one\n`);
  });

  it('prints one line that it cannot download a mongod', async () => {
    const { code, output } = await failToStart({
      args: ['--mongod'],
      // No server listens there, whatever network the machine has.
      env: {
        MONGOMS_DOWNLOAD_MIRROR: `http://127.0.0.1:${await freePort()}`,
        MONGOMS_PREFER_GLOBAL_PATH: 'false',
        MONGOMS_DOWNLOAD_DIR: '/nonexistent/manystore',
      },
    });
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toContain('npm start needs no download');
  });
});
