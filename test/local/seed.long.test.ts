import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { FROM_SOURCE } from '../../local/from-source.ts';
import { freePort, startService } from '../support/service.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs `npm run seed -- …`. */
function seed(...flags: string[]): Promise<{ code: unknown; output: string; errors: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...FROM_SOURCE, 'local/seed.ts', ...flags],
      { cwd: root },
      (error, output, errors) => resolve({ code: error?.code ?? 0, output, errors }),
    );
  });
}

it('creates stores with products, reports its progress, and changes nothing the second time', async () => {
  const service = await startService();
  const flags = [
    '--url',
    service.url,
    '--token',
    service.token,
    '--stores',
    '2',
    '--products',
    '2100',
  ];
  const first = await seed(...flags);
  expect(first).toMatchObject({
    code: 0,
    output: `2 stores at ${service.url}: 4200 products created, 0 updated, 0 unchanged\n`,
  });
  expect(first.errors).toContain('2 of 2 stores (100 %');
  expect(first.errors).toContain('4200 of 4200 products (100 %');
  const found = await service.fetch('/stores/seed-002/products?q=kett&limit=1');
  expect(await found.json()).toMatchObject({
    items: [{ category: 'Kitchen', price: { currency: 'USD' } }],
  });

  const second = await seed(...flags);
  expect(second.output).toContain('0 products created, 0 updated, 4200 unchanged');
  expect(await service.stop()).toBe(0);
}, 120_000);

it('prints one line when no service is running', async () => {
  const url = `http://localhost:${await freePort()}`;
  expect(await seed('--url', url)).toEqual({
    code: 1,
    output: '',
    errors: `No service responds at ${url}. Start it with npm start\n`,
  });
});

it.each([
  ['--stores', '0'],
  ['--stores', 'many'],
  ['--products', '-1'],
])('says that %s %s is not a valid number, and how it is used', async (flag, value) => {
  const { code, errors } = await seed(`${flag}=${value}`);
  expect(code).toBe(1);
  expect(errors).toMatch(
    new RegExp(`^${flag} must be a number from 1 to \\d+\\nusage: npm run seed .*\\n$`),
  );
});
