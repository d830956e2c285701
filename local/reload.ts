import { readdirSync, watch } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';

/*
 * `npm run dev`: after a change, the next request loads the functions anew, in the same process. A module is loaded once
 * per URL, so each generation of modules has a number in its URLs. Mongoose belongs to a generation, because it holds
 * connections and models. The databases and the issuer run in another process, and keep their data and tokens.
 */

const root = new URL('../', import.meta.url).href;
const FOLDERS = ['functions', 'lib', 'packages/connections/src'];
/** The packages that keep state which depends on the code of this project. */
const STATEFUL = /\/node_modules\/(?:mongoose|mongodb|bson|kareem|mquery|mpath|sift)\//;

/** How long a generation may finish its requests before its connections are closed, in milliseconds. */
const GRACE_MS = 30_000;
/** An editor writes a file in several steps. */
const SETTLE_MS = 30;

/** Loads the functions anew after each change of their code. */
export function reloadOnChange(): void {
  const { cache } = createRequire(import.meta.url);
  let generation = 0;
  const suffixOf = (number: number) => (number === 0 ? '' : `?generation=${number}`);
  const isReloaded = (url: string) =>
    FOLDERS.some((folder) => url.startsWith(`${root}${folder}/`)) || STATEFUL.test(url);

  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const { url } = resolved;
      return generation > 0 && isReloaded(url) && !url.includes('?')
        ? { ...resolved, url: `${url}${suffixOf(generation)}` }
        : resolved;
    },
  });

  const begin = (file: string) => {
    const old = `${root}lib/connections.ts${suffixOf(generation)}`;
    generation += 1;
    for (const path of Object.keys(cache)) if (STATEFUL.test(path)) delete cache[path];
    console.log(JSON.stringify({ level: 'INFO', message: 'reloaded', file }));
    setTimeout(async () => {
      const { closeConnections } = await import(old);
      await closeConnections();
    }, GRACE_MS).unref();
  };

  let settling: NodeJS.Timeout | undefined;
  for (const folder of FOLDERS.flatMap(foldersIn))
    watch(new URL(folder, root), (_, name) => {
      if (!name?.endsWith('.ts')) return;
      clearTimeout(settling);
      settling = setTimeout(begin, SETTLE_MS, `${folder}${name}`);
    });
}

/**
 * Returns a folder and the folders in it. Each is watched by itself: a recursive watch loses a file that an editor
 * replaces.
 */
function foldersIn(folder: string): string[] {
  const entries = readdirSync(new URL(`${folder}/`, root), { withFileTypes: true });
  const inner = entries.filter((entry) => entry.isDirectory());
  return [`${folder}/`, ...inner.flatMap(({ name }) => foldersIn(`${folder}/${name}`))];
}
