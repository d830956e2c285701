#!/usr/bin/env node
import { existsSync } from 'node:fs';

const source = new URL('../src/command-line.ts', import.meta.url);
const built = new URL('../dist/command-line.js', import.meta.url);

// Only the project's workspace has sources, and they are never older than a build beside them.
const runsSource = existsSync(source) && Boolean(process.features.typescript);

if (runsSource || existsSync(built)) {
  const { main } = await import(runsSource ? source.href : built.href);
  await main(process.argv.slice(2));
} else {
  console.error(
    'embedded-mongodb: this package is not built, and Node %s cannot run its TypeScript sources. Use Node 22.18 or later, or run `npm run build --workspace @manystore/embedded-mongodb` first.',
    process.versions.node,
  );
  process.exitCode = 1;
}
