import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { handler } from '../../functions/get-health.ts';
import type { Artifact } from '../../local/packaging/artifacts.ts';
import { callArtifact } from '../support/artifacts.ts';
import { eventOf } from '../support/gateway.ts';
import { allFunctions } from '../support/operations.ts';

/*
 * What a function may weigh: what is loaded is what a cold start costs. Who needs more raises a number here, and
 * can say why.
 */

/** Of an archive, in bytes, with what V8 has compiled. */
const MOST_BYTES = 1_060_000;
/** The page of the API comes along: Swagger UI, half a megabyte. */
const MOST_BYTES_WITH_PAGE = 1_205_000;
/** In a bundle. */
const MOST_MODULES = 540;
/** Of Node's own, until a function is loaded. */
const MOST_NODE_MODULES = 150;

const { operations, tasks } = await allFunctions();

/** @param folder what was packaged */
export function describeBudget(folder: string): void {
  let artifacts: Artifact[];
  beforeAll(() => {
    artifacts = JSON.parse(readFileSync(join(folder, 'artifacts.json'), 'utf8'));
  });

  describe('the budget', () => {
    it.each([...operations.keys(), ...tasks.keys()])('holds for %s', (name) => {
      const artifact = artifacts.find((candidate) => candidate.name === name);
      expect(artifact?.bytes).toBeLessThanOrEqual(
        name === 'get-docs' ? MOST_BYTES_WITH_PAGE : MOST_BYTES,
      );
      expect(artifact?.modules).toBeLessThanOrEqual(MOST_MODULES);
    });

    it('holds for the modules of Node that are loaded', async () => {
      const { nodeModules } = await callArtifact(folder, 'get-health', {
        event: eventOf(handler, {}),
      });
      expect(nodeModules).toBeGreaterThan(20);
      expect(nodeModules).toBeLessThanOrEqual(MOST_NODE_MODULES);
    });
  });

  describe('the compiled code', () => {
    const event = eventOf(handler, {});

    it('is taken by Node as Lambda starts it', async () => {
      expect(await callArtifact(folder, 'get-health', { event })).toMatchObject({
        status: 200,
        codeCache: 'used',
      });
    });

    it.each([[['--stack-trace-limit=11']], [['--expose-gc', '--no-opt']]])(
      'is done without where V8 does not take it: %j',
      async (flags) => {
        expect(await callArtifact(folder, 'get-health', { event, flags })).toMatchObject({
          status: 200,
          codeCache: 'rejected',
        });
      },
    );
  });
}
