import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FROM_SOURCE } from '../../local/from-source.ts';
import { inWordsOf, read, type Step, stepsOf } from '../support/guide.ts';
import { freePort, type Service, startService } from '../support/service.ts';

/*
 * Runs all commands of docs/api.md in one shell, and then its TypeScript as one program, against the service that
 * `npm start` runs, as a reader would. Each answer must match the one that is printed there. Ids and times may differ, but
 * an id that the guide prints twice must be the same in both answers.
 */

const root = new URL('../../', import.meta.url);
const steps = stepsOf(readFileSync(new URL('docs/api.md', root), 'utf8'));
const commands = steps.filter(({ language }) => language === 'sh');
const blocks = steps.filter(({ language }) => language === 'ts');
/** A character that no response contains: it separates the output of two steps. */
const BETWEEN = '\u001e';

let service: Service;
const outputs = new Map<Step, string>();
let complaints = '';
const ids = new Map<string, string>();

/**
 * Runs steps in one process, and keeps the output of each.
 *
 * @param program a command whose last argument is the code to run
 * @param separator code that prints {@link BETWEEN}
 */
async function runSteps(
  steps: Step[],
  [program, ...args]: [string, ...string[]],
  separator: string,
  env: Record<string, string>,
): Promise<void> {
  const code = steps.map((step) => step.code).join(`\n${separator}\n`);
  const { stdout, stderr } = await promisify(execFile)(program, [...args, code], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  const texts = stdout.split(BETWEEN);
  expect(texts).toHaveLength(steps.length);
  for (const [at, step] of steps.entries()) outputs.set(step, texts[at] ?? '');
  complaints += stderr;
}

describe('a printed answer', () => {
  const printed =
    '{ "id": "6743f1c2a9b0c4d5e6f70801", "stock": 10, "tags": ["a", …], "at": "2026-11-23T09:00:00Z", … }';
  const like = { id: 'f'.repeat(24), stock: 10, tags: ['a', 'b'], at: '2027-01-01T00:00:00.000Z' };
  const known = () => new Map<string, string>();
  const differs = (came: unknown, ids = known()) => {
    const expected = read('json', printed);
    return JSON.stringify(inWordsOf(expected, came, ids)) !== JSON.stringify(expected);
  };

  it('matches other ids and times, and any members in place of `…`', () => {
    expect(differs({ ...like, version: 3 })).toBe(false);
    expect(differs({ ...like, tags: ['a'] })).toBe(false);
  });

  it.each([
    ['another value', { ...like, stock: 11 }],
    ['a value of another type', { ...like, stock: '10' }],
    ['another item', { ...like, tags: ['b', 'a'] }],
    ['fewer items', { ...like, tags: [] }],
    ['a member less', { id: like.id, stock: 10, tags: ['a'] }],
    ['no id', { ...like, id: 'f' }],
    ['no answer', ''],
  ])('does not match %s', (_, came) => {
    expect(differs(came)).toBe(true);
  });

  it('does not match two ids where it has the same one twice', () => {
    const ids = known();
    expect(differs(like, ids)).toBe(false);
    expect(differs({ ...like, id: 'e'.repeat(24) }, ids)).toBe(true);
  });
});

describe('the guide to the API', () => {
  beforeAll(async () => {
    const issuerPort = String(await freePort());
    service = await startService({
      env: {
        ISSUER_PORT: issuerPort,
        // Otherwise the guide would wait 35 s, as the service says, before it closes a store.
        STORE_DRAIN_MS: '3000',
      },
    });
    await runSteps(commands, ['sh', '-c'], `printf '\\036'`, {
      PORT: new URL(service.url).port,
      LAMBDA_PORT: String(service.lambdaPort),
      ISSUER_PORT: issuerPort,
    });
    const node = [...FROM_SOURCE, '--input-type=module-typescript', '--eval'];
    await runSteps(blocks, [process.execPath, ...node], `process.stdout.write('\\x1e');`, {
      API: service.url,
      TOKEN: service.token,
    });
  }, 180_000);
  afterAll(() => service.stop(), 120_000);

  it('has only commands that succeed', () => {
    expect(complaints).toBe('');
  });

  it('has the TypeScript of docs/api.ts', () => {
    const [, ...lines] = readFileSync(new URL('docs/api.ts', root), 'utf8').split('\n');
    expect(lines.join('\n').trim()).toBe(blocks.map(({ code }) => code).join('\n\n'));
  });

  it.each(steps.map((step) => ({ ...step, step })))(
    '$heading: docs/api.md:$line answers as it is printed',
    ({ printed, step }) => {
      const output = outputs.get(step) ?? '';
      if (!printed) return expect(output.trim()).toBe('');
      const { language, text } = printed;
      const expected = read(language, text);
      return expect(inWordsOf(expected, read(language, output), ids)).toEqual(expected);
    },
  );
});
