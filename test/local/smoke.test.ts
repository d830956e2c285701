import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { manystore } from '@manystore/client';
import { cleanup } from '../../local/smoke/cleanup.ts';
import { newNames } from '../../local/smoke/setting.ts';
import { checksOf } from '../../local/smoke/smoke-test.ts';
import { runLocal } from '../support/service.ts';

const document = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
) as { paths: Record<string, Record<string, { operationId: string }>> };

it('checks every operation of the API document', () => {
  const url = 'http://localhost';
  const setting = {
    ...{ url, token: '', issueToken: undefined, client: manystore({ url }), fetch },
    ...{ ...newNames(), made: {} },
  };
  const checks = [...checksOf(setting), ...cleanup(setting, setting.client, () => {})];
  const checked = new Set(checks.map(({ subject }) => subject));
  const operations = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );
  expect(operations.filter((operation) => !checked.has(operation))).toEqual([]);
});

it('sends no token to another machine without TLS', async () => {
  const args = ['http://catalog.example', '--token', 'secret'];
  const { code, stderr } = await runLocal('smoke.ts', { args });
  const reason = /^The URL must begin with https:\/\/, except for localhost\nusage: /;
  expect([code, stderr]).toEqual([1, expect.stringMatching(reason)]);
});
