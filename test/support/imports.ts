import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The code that is shipped or run, without its tests. */
const SOURCES = [
  ...['functions', 'lib', 'local', 'openapi', 'packaging', 'bench'].map((top) => `${top}/**/*.ts`),
  'packages/*/src/**/*.ts',
];

/** The files that import others, each with the files that it imports, as paths from the root. */
export function importsByFile(): Map<string, string[]> {
  const files = new Set(globSync(SOURCES, { cwd: root }).map((file) => file.replaceAll('\\', '/')));
  return new Map([...files].sort().map((file) => [file, importsOf(file, files)]));
}

const SPECIFIER = /(?:\bfrom|\bimport|\bimport\()\s*'([^']+)'/g;

function importsOf(file: string, files: ReadonlySet<string>): string[] {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/^\s*(?:\*|\/\/).*$/gm, '');
  const targets = [...text.matchAll(SPECIFIER)].map(([, specifier = '']) =>
    resolve(file, specifier),
  );
  return [...new Set(targets)].filter((target) => files.has(target));
}

function resolve(file: string, specifier: string): string {
  if (specifier.startsWith('#lib/')) return specifier.slice(1);
  const [, name] = /^@manystore\/([\w-]+)$/.exec(specifier) ?? [];
  if (name) return `packages/${name}/src/index.ts`;
  return normalize(join(dirname(file), specifier));
}

/**
 * The cycles of a graph: each group of nodes that lead to each other, sorted, without single nodes.
 *
 * @param edges from each node to others. Tarjan's algorithm for strongly connected components
 */
export function circlesOf(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (node: string) => {
    const number = numbers.size;
    numbers.set(node, number);
    lowest.set(node, number);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!numbers.has(next)) visit(next);
      if (stack.includes(next))
        lowest.set(node, Math.min(lowest.get(node) ?? 0, lowest.get(next) ?? 0));
    }
    if (lowest.get(node) !== number) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) found.push(group.sort());
  };
  for (const node of edges.keys()) if (!numbers.has(node)) visit(node);
  return found;
}
