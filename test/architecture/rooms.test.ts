import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { circlesOf, importsByFile, root } from '../support/imports.ts';

/*
 * The folders, from the bottom up: a folder imports only folders before it in this list.
 */
const ROOMS = [
  'packages/client',
  'packages/embedded-mongodb',
  'packages/connections',
  'lib/store-id.ts',
  'lib/runtime',
  'lib/clusters.ts',
  'lib/connections.ts',
  'lib/http',
  'lib/api-page',
  'lib/health',
  'lib/documents',
  'lib/idempotency',
  'lib/stores',
  'lib/products',
  'lib/archive',
  'lib/mirror',
  'lib/reports',
  'lib/indexes',
  'functions',
  'local',
  'openapi',
  'packaging',
  'bench',
];

/** The folders in the picture: those of the service itself. */
const PICTURED = ROOMS.filter((room) => /^(?:packages\/connections|lib|functions)/.test(room));

const files = importsByFile();

const roomOf = (file: string): string =>
  ROOMS.find((room) => file === room || file.startsWith(`${room}/`)) ?? `no room: ${file}`;

/** Which folders import which, each with an import as an example. */
const arrows = new Map<string, Map<string, string>>();
for (const [file, targets] of files)
  for (const target of targets) {
    const [from, to] = [roomOf(file), roomOf(target)];
    const known = arrows.get(from) ?? new Map<string, string>();
    if (from !== to) arrows.set(from, known.set(to, `${file} imports ${target}`));
  }

describe('the folders', () => {
  it('are all in the list of rooms', () => {
    expect([...files.keys()].map(roomOf).filter((room) => room.startsWith('no room'))).toEqual([]);
    expect(
      ROOMS.filter((room) => ![...files.keys()].some((file) => roomOf(file) === room)),
    ).toEqual([]);
  });

  it('import only folders below them, and so never each other', () => {
    const upward = [...arrows].flatMap(([from, targets]) =>
      [...targets]
        .filter(([to]) => ROOMS.indexOf(to) > ROOMS.indexOf(from))
        .map(([, example]) => example),
    );
    expect(upward).toEqual([]);
  });

  it('are pictured in docs/architecture.md as they are', () => {
    const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    // On failure, this is the picture to paste into the document.
    expect(text).toContain(picture());
  });
});

describe('the files', () => {
  it('import each other in no circle, except for the recursive expressions of MongoDB', () => {
    const recursion = ['engine', 'filter', 'predicates', 'stages'].map(
      (name) => `packages/embedded-mongodb/src/query/${name}.ts`,
    );
    expect(circlesOf(files)).toEqual([recursion]);
  });
});

/** The folders as a Mermaid diagram, without the arrows that follow from others. */
function picture(): string {
  const targetsOf = (room: string) =>
    [...(arrows.get(room)?.keys() ?? [])].filter((to) => PICTURED.includes(to));
  const below = (room: string): Set<string> =>
    new Set(targetsOf(room).flatMap((to) => [to, ...below(to)]));
  const idOf = (room: string) => room.replaceAll(/\W+/g, '_');
  const lines = PICTURED.toReversed().flatMap((room) => {
    const targets = targetsOf(room);
    const implied = new Set(targets.flatMap((to) => [...below(to)]));
    const direct = targets.filter((to) => !implied.has(to));
    direct.sort((one, other) => PICTURED.indexOf(other) - PICTURED.indexOf(one));
    return [`  ${idOf(room)}["${room}"]`, ...direct.map((to) => `  ${idOf(room)} --> ${idOf(to)}`)];
  });
  return ['```mermaid', 'flowchart TB', ...lines, '```'].join('\n');
}
