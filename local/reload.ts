import { readdirSync, watch } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';

/*
 * `npm run dev`: after a change, the next request loads the functions again, in the same process. A module is loaded once
 * per URL, so each generation of modules has a number in its URLs. Mongoose belongs to a generation, because it holds
 * connections and models. The databases and the issuer run in another process, and keep their data and tokens.
 */

/** The packages that keep state which depends on the code of this project. */
const STATEFUL = /\/node_modules\/(?:mongoose|mongodb|bson|kareem|mquery|mpath|sift)\//;
/** An editor writes a file in several steps. */
const SETTLE_MS = 30;

interface Code {
  /** The URL of the folder that the others are in, with a slash at its end. */
  root: string;
  folders: readonly string[];
  /** The module with `closeConnections()`, which is called when a generation is no longer used. */
  connections: string;
  /** How long a generation may finish its requests before that, in milliseconds. */
  graceMs: number;
}

/** Loads modules again after each change in their folders, and writes a line about it to the log. */
export function reloadOnChange({ root, folders, connections, graceMs }: Code): void {
  const { cache } = createRequire(import.meta.url);
  let generation = 0;
  const suffix = () => `?generation=${generation}`;
  const isReloaded = (url: string) =>
    folders.some((folder) => url.startsWith(`${root}${folder}/`)) || STATEFUL.test(url);

  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const { url } = resolved;
      return isReloaded(url) && !url.includes('?')
        ? { ...resolved, url: `${url}${suffix()}` }
        : resolved;
    },
  });

  const begin = (file: string) => {
    const old = `${root}${connections}${suffix()}`;
    generation += 1;
    for (const path of Object.keys(cache)) if (STATEFUL.test(path)) delete cache[path];
    console.log(JSON.stringify({ level: 'INFO', message: 'reloaded', file }));
    const retire = async () => {
      const { closeConnections } = await import(old);
      await closeConnections();
    };
    // If the generation did not load, it has no connections.
    setTimeout(() => retire().catch(() => {}), graceMs).unref();
  };

  let settling: NodeJS.Timeout | undefined;
  for (const folder of folders.flatMap((name) => foldersIn(root, name)))
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
function foldersIn(root: string, folder: string): string[] {
  const entries = readdirSync(new URL(`${folder}/`, root), { withFileTypes: true });
  const inner = entries.filter((entry) => entry.isDirectory());
  return [`${folder}/`, ...inner.flatMap(({ name }) => foldersIn(root, `${folder}/${name}`))];
}
