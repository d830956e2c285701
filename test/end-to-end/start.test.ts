import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { failToStart, freePort, run, startService } from '../support/service.ts';

const nobody = async () => `mongodb://127.0.0.1:${await freePort()}/?serverSelectionTimeoutMS=500`;

describe('npm start', () => {
  it('serves the sample catalog, and prints commands that work', async () => {
    const service = await startService();
    expect(service.curls).toHaveLength(3);
    const answers = [];
    for (const line of service.curls)
      answers.push(JSON.parse(await run(`TOKEN=${service.token}; ${line}`)));
    const names = answers.map(({ items, ...product }) =>
      (items ?? [product]).map(({ name }: { name: string }) => name).sort(),
    );
    expect(names).toEqual([
      ['Coffee Maker', 'Laptop Pro', 'Wireless Headphones'],
      ['Travel Mug'],
      ['Bluetooth Speaker', 'Desk Lamp', 'Smart Watch'],
    ]);
    const root = await service.fetch('/', { redirect: 'manual' });
    expect([root.status, root.headers.get('location')]).toEqual([302, 'docs']);
    expect(await service.stop()).toBe(0);
    await expect(fetch(service.url)).rejects.toThrow();
  }, 120_000);

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
    const reason = 'PRIMARY_CONN_STR is not a valid connection string. See .env.example\n';
    expect([code, output]).toEqual([1, reason]);
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
