import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { handler } from '../../functions/get-health.ts';
import type { Artifact } from '../../packaging/artifacts.ts';
import { callArtifact } from '../support/artifacts.ts';
import { eventOf } from '../support/gateway.ts';

/*
 * The maximum size of a function: the more it loads, the slower its cold start. Raise a number here only with a reason.
 */

/**
 * Of an archive, in bytes, with what V8 has compiled, which varies by a thousandth. import-products is the largest. 4,000 of
 * them are the mark of the changed store: it is the only update of one document that import-products sends.
 */
const MAX_BYTES = 1_050_000;
/** Of the archive of a task, for whose start nobody waits. take-snapshots is the largest: it also summarizes the drift. */
const MAX_BYTES_OF_TASK = 1_080_000;
/**
 * In a bundle. import-products has the most: its scanners of JSON and CSV are modules of a few hundred bytes, and so are
 * the connections to clusters, their metrics, and the traces.
 */
const MAX_MODULES = 556;
/**
 * In the bundle of an operation that needs no database connection: it has no driver. The settings check the names of
 * clusters, problems know the error of a cluster that is not available, and traces are off but there.
 */
const MAX_MODULES_WITHOUT_SERVERS = 90;
/** Of Node's own, until a function is loaded. */
const MAX_NODE_MODULES = 150;

/**
 * @param folder what was packaged
 * @param functions the ones that are in it, by name
 */
export function describeBudget(
  folder: string,
  functions: [string, { contract: { servers?: readonly string[]; routes?: readonly string[] } }][],
): void {
  let artifacts: Artifact[];
  beforeAll(() => {
    artifacts = JSON.parse(readFileSync(join(folder, 'artifacts.json'), 'utf8'));
  });

  describe('the budget', () => {
    it.each(functions)('holds for %s', (name, { contract }) => {
      const artifact = artifacts.find((candidate) => candidate.name === name);
      const asksNone = contract.servers?.length === 0;
      expect(artifact?.bytes).toBeLessThanOrEqual(contract.routes ? MAX_BYTES : MAX_BYTES_OF_TASK);
      expect(artifact?.modules).toBeLessThanOrEqual(
        asksNone ? MAX_MODULES_WITHOUT_SERVERS : MAX_MODULES,
      );
    });

    it('holds for the modules of Node that are loaded', async () => {
      const { nodeModules } = await callArtifact(folder, 'get-health', {
        event: eventOf(handler, {}),
      });
      expect(nodeModules).toBeGreaterThan(20);
      expect(nodeModules).toBeLessThanOrEqual(MAX_NODE_MODULES);
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

    // The constants of functions that V8 has compiled.
    it.each([
      ['reads the secrets', 'AmazonSSM.'],
      ['looks up the servers of a name', '._tcp.'],
      ['signs in with a password', 'Client Key'],
    ])('contains what %s', (_, constant) => {
      const archive = unzipSync(readFileSync(join(folder, 'get-health.zip')));
      const code = archive['functions/get-health.bundle.v8'];
      expect(Buffer.from(code ?? []).includes(constant)).toBe(true);
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
