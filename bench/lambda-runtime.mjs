/*
 * Loads a function's file as Lambda's runtime interface client does: with import(), in a process in which the client has
 * loaded its own modules of Node.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
for (const module of ['async_hooks', 'fs', 'http', 'net', 'os', 'path', 'util', 'worker_threads'])
  require(`node:${module}`);

/** Returns the handler that a file exports. esbuild's exports of a CommonJS file are found in its `default` only. */
export async function load(file) {
  const module = await import(file);
  return module.handler ?? module.default.handler;
}
