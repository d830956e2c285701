import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { allCases, firstOfEach } from '../runtime/cases.ts';
import { root } from '../support/imports.ts';
import { allFunctions } from '../support/operations.ts';

const cases = await allCases();

describe('the cases of npm run test:runtime', () => {
  it('include every function', () => {
    const functions = readdirSync(join(root, 'functions')).map((file) => file.replace('.ts', ''));
    const names = firstOfEach(cases).map(({ name }) => name);
    expect(names.sort()).toEqual(functions.sort());
  });

  it('include every route, and count as writing exactly where a contract may be repeated', async () => {
    const { operations } = await allFunctions();
    for (const [name, { contract }] of operations) {
      const own = cases.filter((one) => one.name === name);
      for (const route of contract.routes)
        expect(own.filter(({ title }) => title.split(',')[0] === route).length).toBeGreaterThan(0);
      expect(new Set(own.map(({ writes }) => writes))).toEqual(
        new Set([contract.repeat !== undefined]),
      );
    }
  });
});
