import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { expect, it } from '@jest/globals';

const lib = new URL('../../lib/', import.meta.url);

/** The folders of lib/ that hold the domain, from the bottom: each imports only from those before it, and from below. */
const ROOMS = ['documents', 'idempotency', 'stores', 'products', 'archive', 'mirror', 'reports'];
const ORDER = [...ROOMS, 'indexes'];
/** What all of them stand on. */
const BELOW = ['connections.ts', 'store-id.ts', 'runtime', 'http'];

const files = globSync('**/*.ts', { cwd: lib });
const imports = new Map(
  files.map((file) => {
    const source = readFileSync(new URL(file, lib), 'utf8');
    const paths = [...source.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => path);
    return [file, paths.map((path) => join(dirname(file), path))];
  }),
);
const roomOf = (file: string) => file.split('/')[0] ?? '';
const isOfDomain = (file: string) => ORDER.includes(roomOf(file));

it('has no import that runs up, from one room of the domain to a higher one', () => {
  const upward = [...imports].flatMap(([file, paths]) =>
    paths
      .filter((path) => {
        const [from, to] = [ORDER.indexOf(roomOf(file)), ORDER.indexOf(roomOf(path))];
        if (isOfDomain(file)) return to === -1 ? !BELOW.includes(roomOf(path)) : to > from;
        return BELOW.includes(roomOf(file)) && isOfDomain(path);
      })
      .map((path) => `${file} imports ${path}`),
  );
  expect(upward).toEqual([]);
});

it('has no circle of imports between files of the domain', () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: string[]) => {
    if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
    if (done.has(file) || trail.includes(file)) return;
    for (const next of imports.get(file) ?? []) if (isOfDomain(next)) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of files.filter(isOfDomain)) visit(file, []);
  expect(circles).toEqual([]);
});
