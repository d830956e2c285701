import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { committedDocument, DOCUMENT } from '../../openapi/document.ts';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const redocly = join(root, 'node_modules/.bin/redocly');
const folder = mkdtempSync(join(tmpdir(), 'manystore-openapi-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Json = ReturnType<typeof JSON.parse>;
const document: Json = JSON.parse(committedDocument());

/** Returns the findings of redocly in a file, with the rules of redocly.yaml. */
async function lint(file: string): Promise<string[]> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const { stdout } = await exec(redocly, ['lint', file, '--format', 'json'], {
    cwd: root,
    env,
    maxBuffer: 100_000_000,
  }).catch((error) => error);
  return JSON.parse(stdout).problems.map(({ ruleId, message }: Json) => `${ruleId}: ${message}`);
}

describe('docs/openapi.json', () => {
  it('passes every lint rule, and every example matches its schema', async () => {
    expect(await lint(fileURLToPath(DOCUMENT))).toEqual([]);
  });

  it.each([
    ['request', (it: Json) => it.requestBody.content['application/json'].example],
    ['answer', (it: Json) => it.responses[201].content['application/json'].example],
  ])('fails the lint with a wrong %s example', async (_, exampleIn) => {
    const changed = structuredClone(document);
    exampleIn(changed.paths['/transfers'].post).quantity = 0;
    const file = join(folder, 'changed.json');
    writeFileSync(file, JSON.stringify(changed));
    const findings = await lint(file);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain('no-invalid-media-type-examples');
  });
});
