import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The folder where Node keeps the code that V8 has compiled, with which the next `npm start` loads its modules faster. */
export const COMPILE_CACHE = fileURLToPath(
  new URL('../node_modules/.cache/manystore/compiled', import.meta.url),
);

// `npm start` imports this first (--import), so that it holds for all other modules.
enableCompileCache(COMPILE_CACHE);
