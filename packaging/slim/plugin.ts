import { readFile } from 'node:fs/promises';
import type { Loader, Plugin } from 'esbuild';
import { loadedLater } from './load-later.ts';
import { patched, patches } from './patches.ts';
import { MAIN_FILE, withSharedGetters } from './shared-getters.ts';
import { replaced, requireUnused, standIns } from './stand-ins.ts';
import { withoutServers } from './without-servers.ts';

/*
 * Reduces what a packaged function loads, without changing what the libraries do:
 *
 *   load-later.ts       loads a module when it is first used, rather than when it is imported
 *   stand-ins.ts        replaces modules that the runtime provides or that this service does not use
 *   without-servers.ts  omits the driver from functions that need no database connection
 *   shared-getters.ts   defines what the driver's main file exports in a loop
 *   patches.ts          replaces lines that load large parts of Node for a result that is known
 *
 * Each rule checks the code that it applies to. If a new version of a library no longer matches, packaging fails.
 */

const LIBRARY = /[\\/]node_modules[\\/](?:mongodb|mongoose|mquery)[\\/]lib[\\/].*\.js$/;
/** A library reads only its name and version from its package.json, to send them to the server. */
const DESCRIPTION = /[\\/]node_modules[\\/](?:mongodb|mongoose)[\\/]package\.json$/;
/** Modules whose imports of Node's modules can be loaded later. */
const NODE_USER =
  /[\\/]node_modules[\\/]@aws-lambda-powertools[\\/].*\.js$|[\\/](?:functions|lib|packages)[\\/].*\.ts$/;

/**
 * Returns the esbuild plugin that applies these rules.
 *
 * @param needsDatabase false for functions that need no database connection, whose bundles omit the driver
 */
export function slim({ needsDatabase = true } = {}): Plugin {
  return {
    name: 'slim',
    setup(build) {
      const unused = new Set(needsDatabase ? [...standIns, ...patches] : []);
      if (!needsDatabase)
        for (const { file, source } of withoutServers)
          build.onLoad({ filter: file }, () => ({ contents: source }));
      build.onLoad({ filter: DESCRIPTION }, async ({ path }) => {
        const { name, version } = JSON.parse(await readFile(path, 'utf8'));
        return { contents: JSON.stringify({ name, version }), loader: 'json' };
      });
      build.onLoad({ filter: /\.(?:js|cjs|ts)$/ }, async ({ path }) => {
        const standIn = standIns.find(({ file }) => file.test(path));
        if (standIn) {
          unused.delete(standIn);
          return { contents: replaced(standIn, path) };
        }
        const patch = patches.find(({ file }) => file.test(path));
        const isLater = LIBRARY.test(path) || NODE_USER.test(path);
        if (!patch && !isLater) return undefined;
        const loader: Loader = path.endsWith('.ts') ? 'ts' : 'js';
        let contents = await readFile(path, 'utf8');
        if (loader === 'ts') requireUnused(contents, path);
        if (patch) {
          unused.delete(patch);
          contents = patched(patch, contents);
        }
        if (MAIN_FILE.test(path)) contents = withSharedGetters(contents);
        if (isLater) contents = await loadedLater(contents, { path, loader });
        return { contents, loader };
      });
      build.onEnd(({ errors }) => {
        if (errors.length > 0 || unused.size === 0) return {};
        const unusedRules = [...unused].map(({ name }) => ({
          text: `Nothing loads ${name}: is its rule still needed?`,
        }));
        return { errors: unusedRules };
      });
    },
  };
}
